// What a user would write by hand: `p-limit` and undici's `request`, three calls a question, nothing stored. Each
// of the three has a limit of its own, as the stages of Millrace have. Runs as a process of its own:
// `node bench/bare-loop.ts URL QUESTIONS BATCH_SIZE [ATTEMPTS]` prints one line of JSON. With more than one attempt, what fails is asked again:
// after `Retry-After`, or else after half a second that doubles, or at once if the answer was no JSON.
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { request } from 'undici';
import { z } from 'zod';
import { researchSchema } from '../src/stages/example.ts';
import { GENERATION_PROMPT } from '../src/stages/generation/prompt.ts';
import type { Prompt } from '../src/stages/lanes/recipe.ts';
import { RESEARCH_PROMPT } from '../src/stages/research/prompt.ts';
import { judgementSchema } from '../src/stages/review/judgement.ts';
import { REVIEW_PROMPT, RUBRIC } from '../src/stages/review/prompt.ts';
import { sft } from '../src/stages/training-types/sft.ts';
import { questionText } from './support/questions.ts';

const [url = '', questions = '', batchSize = '', attempts = '1'] = process.argv.slice(2);

/** A call that failed, and when to make it again. */
class Failed extends Error {
  readonly waitMs: number;

  constructor(waitMs: number) {
    super('The call failed.');
    this.waitMs = waitMs;
  }
}

type Agent = Readonly<{ name: string; system: string; closing: string; schema: object }>;

const agent = (name: string, { system, user }: Prompt, rules: string, answer: z.ZodType): Agent => ({
  name,
  system: `${system}\n${rules}`,
  // The tail of the prompt; what is asked about goes before it.
  closing: user.slice(user.lastIndexOf('\n\n')),
  schema: z.toJSONSchema(answer, { target: 'draft-7' }),
});
const RESEARCH = agent('research', RESEARCH_PROMPT, '', researchSchema);
const GENERATION = agent('candidate', GENERATION_PROMPT, sft.instructions, z.object({ answer: z.string() }));
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
  const { statusCode, headers, body } = await request(`${url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'scripted', messages, response_format }),
  });
  if (statusCode !== 200) {
    await body.text();
    const asked = headers['retry-after'];
    throw new Failed(asked === undefined ? Number.NaN : 1_000 * Number(asked));
  }
  const { content } = completion.parse(await body.json()).choices[0].message;
  try {
    JSON.parse(content);
  } catch {
    throw new Failed(0);
  }
  return content;
}

const limited = (agent: Agent) => {
  const limit = pLimit(Number(batchSize));
  return async (parts: Readonly<Record<string, string>>) => {
    for (let attempt = 1; ; attempt += 1)
      try {
        return await limit(ask, agent, parts);
      } catch (error) {
        if (!(error instanceof Failed) || attempt >= Number(attempts)) throw error;
        const { waitMs } = error;
        await sleep(Number.isNaN(waitMs) ? 500 * 2 ** (attempt - 1) * Math.random() : waitMs);
      }
  };
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
