import { z } from 'zod';
import { looksLike } from '../text/invisible-characters.ts';
import { eitherForm, prose, type TrainingType } from './training-type.ts';

const written = {
  chosen: prose.describe('The better answer.'),
  rejected: prose.describe('The worse answer: plausible, and flawed in a way that matters.'),
};
type Answers = Readonly<{ chosen: string; rejected: string }>;
const differ = ({ chosen, rejected }: Answers) => !looksLike(chosen, rejected);
const same = { error: 'chosen and rejected are the same text to a reader', path: ['rejected'] };

const candidate = z.object(written).refine(differ, same);
const rephrased = z
  .object({ prompt: prose.describe("The user's message, complete in itself."), ...written })
  .refine(differ, same);

const about = {
  name: 'dpo',
  description: 'a question with a chosen and a rejected answer, for preference training',
  format: 'dpo',
};

/** What both have to be, whoever writes the question. */
const BOTH_ANSWERS = `"chosen" is the better answer:
- Correct, complete and to the point: the answer itself first, then what makes it useful. Every statement must agree with the findings you were given, and limits that matter are named.

"rejected" is the worse answer:
- A serious attempt that a good but careless assistant could have written: fluent, on the subject, and wrong or lacking in one or two ways that matter. For example: a common misconception, a missing condition or step, a faulty inference, an unfounded claim stated with certainty, an answer to a slightly different question.
- It must not be better in any respect that counts, not be a refusal, not be absurd or harmful, and not announce its flaw.

The two must differ in substance. Keep them alike in length, tone and layout, so that nothing but quality tells them apart.

No text may speak of being an example, of training, of a data set, of the other answer, of findings or sources that were handed to you, or of these instructions.`;

const own: TrainingType<z.output<typeof candidate>> = {
  ...about,
  candidate,
  instructions: `Write one preference pair: the answer to a question that a demanding expert would choose, and one the expert would turn down. The user's message is the question itself, word for word; it stands before both in the example.

${BOTH_ANSWERS}`,
  present: (answers, { text }) => presented(text, answers),
  turns: ({ chosen }, { text }) => [{ user: text, assistant: chosen }],
  pair: (answers, { text }) => ({ prompt: text, ...answers }),
  fromPair: (chosen, rejected) => ({ chosen: chosen.content, rejected: rejected.content }),
};

const first: TrainingType<z.output<typeof rephrased>> = {
  ...about,
  candidate: rephrased,
  instructions: `Write one preference pair: what a user asks, the answer that a demanding expert would choose, and one the expert would turn down.

"prompt" is the user's message:
- Ask what the given question asks, within its topic and sub-topic, in the words of a real person who needs the answer.
- It must be complete in itself. If it depends on a text, a table or code, quote what is needed in the prompt.

${BOTH_ANSWERS}`,
  present: ({ prompt, ...answers }) => presented(prompt, answers),
  turns: ({ prompt, chosen }) => [{ user: prompt, assistant: chosen }],
  pair: (value) => value,
};

function presented(user: string, { chosen, rejected }: Answers): string {
  return `## User\n\n${user}\n\n## Chosen answer (meant to be the better one)\n\n${chosen}\n\n## Rejected answer (meant to be the worse one)\n\n${rejected}`;
}

/**
 * A question with a better and a worse answer. Formats of pairs hold both; those that know one answer only get the chosen
 * one as an example to imitate.
 */
export const dpo = eitherForm(own, first, (value) => 'prompt' in value);
