// What a user would write by hand: `p-limit` and undici's `request`, three calls a question, nothing stored, nothing retried. Each
// of the three has a limit of its own, as the stages of Millrace have. Runs as a process of its own:
// `node bench/bare-loop.ts URL QUESTIONS BATCH_SIZE` prints one line of JSON.
import pLimit from 'p-limit';
import { request } from 'undici';
import { z } from 'zod';
import { researchSchema } from '../src/stages/example.ts';
import { GENERATION_PROMPT } from '../src/stages/generation/prompt.ts';
import type { Prompt } from '../src/stages/recipe.ts';
import { RESEARCH_PROMPT } from '../src/stages/research/prompt.ts';
import { judgementSchema } from '../src/stages/review/judgement.ts';
import { REVIEW_PROMPT, RUBRIC } from '../src/stages/review/prompt.ts';
import { sft } from '../src/stages/training-types/sft.ts';
import { questionText } from './support/questions.ts';

const [url = '', questions = '', batchSize = ''] = process.argv.slice(2);

type Agent = Readonly<{ name: string; system: string; closing: string; schema: object }>;

const agent = (name: string, { system, user }: Prompt, rules: string, answer: z.ZodType): Agent => ({
  name,
  system: `${system}\n${rules}`,
  // The tail of the prompt; what is asked about goes before it.
  closing: user.slice(user.lastIndexOf('\n\n')),
  schema: z.toJSONSchema(answer, { target: 'draft-7' }),
});
const RESEARCH = agent('research', RESEARCH_PROMPT, '', researchSchema);
const GENERATION = agent(
  'candidate',
  GENERATION_PROMPT,
  sft.instructions,
  z.object({ prompt: z.string(), answer: z.string() }),
);
const REVIEW = agent('review', REVIEW_PROMPT, Object.values(RUBRIC).join('\n'), judgementSchema(RUBRIC));

const completion = z.object({
  choices: z.tuple([z.object({ message: z.object({ content: z.string() }) })]),
});

async function ask(
  { name, system, closing, schema }: Agent,
  parts: Readonly<Record<string, string>>,
): Promise<string> {
  const given = Object.entries(parts).map(([tag, text]) => `<${tag}>${text}</${tag}>`);
  const messages = [
    { role: 'system', content: system },
    { role: 'user', content: `${given.join('\n\n')}${closing}` },
  ];
  const response_format = { type: 'json_schema', json_schema: { name, strict: true, schema } };
  const { body } = await request(`${url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'scripted', messages, response_format }),
  });
  return completion.parse(await body.json()).choices[0].message.content;
}

const limited = (agent: Agent) => {
  const limit = pLimit(Number(batchSize));
  return (parts: Readonly<Record<string, string>>) => limit(ask, agent, parts);
};
const research = limited(RESEARCH);
const generation = limited(GENERATION);
const review = limited(REVIEW);

async function work(index: number): Promise<void> {
  const question = questionText(index);
  const found = await research({ question });
  const candidate = await generation({ question, research: found });
  JSON.parse(await review({ question, research: found, candidate }));
}

const startMs = performance.now();
await Promise.all(Array.from({ length: Number(questions) }, (_, index) => work(index)));
console.log(JSON.stringify({ seconds: (performance.now() - startMs) / 1_000 }));
