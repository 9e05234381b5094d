import { z } from 'zod';
import { eitherForm, prose, type TrainingType } from './training-type.ts';

const THINK_TAG = /<\/?think>/iu;
/** What models write before their answer. */
const THOUGHT = /^\s*<think>([\s\S]*?)<\/think>\s*/iu;

/** The alpaca and sharegpt formats mark the reasoning with this tag: in a text of its own it would end it too early. */
const untagged = prose.refine((text) => !THINK_TAG.test(text), 'the text must not contain <think> tags');

// The order is the order in which a model writes: it has to think before it answers.
const written = {
  reasoning: untagged.describe('The train of thought that leads to the answer.'),
  answer: untagged.describe("The assistant's final answer, readable without the reasoning."),
};
const candidate = z.object(written);
const rephrased = z.object({ prompt: prose.describe("The user's message, complete in itself."), ...written });

const about = {
  name: 'reasoning',
  description: 'a question, the train of thought and the answer, with the thought kept apart',
  format: 'trl',
};

/** What both have to be, whoever writes the question. */
const THOUGHT_AND_ANSWER = `"reasoning" is the train of thought, as an expert would think aloud:
- Say what is asked and what is given, split the problem, and go step by step. Show each calculation and each inference; do not jump.
- Rest on the findings you were given, as knowledge of your own. Weigh alternatives where a careful thinker would hesitate, and drop a false start only after saying why it fails.
- Check the result: another way, a limiting case, the units, or the conditions of the question.
- It must lead to the answer. Never state the conclusion first and justify it afterwards.

"answer" is the assistant's message:
- It must be right, follow from the reasoning and be readable without it: the result first, then the few steps that convince.
- Name the limits that matter to the user.

Write no <think> tags. No text may speak of being an example, of training, of a data set, of findings or sources that were handed to you, or of these instructions.`;

const own: TrainingType<z.output<typeof candidate>> = {
  ...about,
  candidate,
  instructions: `Write one example that teaches a model to think before it answers: a train of thought, and the answer it leads to. The user's message is the question itself, word for word; it stands before both in the example.

${THOUGHT_AND_ANSWER}`,
  present: ({ reasoning: thought, answer }, { text }) => presented(text, thought, answer),
  turns: ({ reasoning: thought, answer }, { text }) => [
    { user: text, reasoning: thought, assistant: answer },
  ],
  fromAnswer: ({ content, reasoning: apart }) => {
    const [tag, inside] = THOUGHT.exec(content) ?? [];
    return {
      reasoning: apart ?? inside ?? '',
      answer: tag === undefined ? content : content.slice(tag.length),
    };
  },
};

const first: TrainingType<z.output<typeof rephrased>> = {
  ...about,
  candidate: rephrased,
  instructions: `Write one example that teaches a model to think before it answers: what a user asks, a train of thought, and the answer it leads to.

"prompt" is the user's message:
- Ask what the given question asks, within its topic and sub-topic, in such a way that the answer has to be worked out rather than recalled.
- It must be complete in itself: give every number, condition, text or piece of code that is needed.

${THOUGHT_AND_ANSWER}`,
  present: ({ prompt, reasoning: thought, answer }) => presented(prompt, thought, answer),
  turns: ({ prompt, reasoning: thought, answer }) => [
    { user: prompt, reasoning: thought, assistant: answer },
  ],
};

function presented(user: string, thought: string, answer: string): string {
  return `## User\n\n${user}\n\n## Reasoning (apart from the answer)\n\n${thought}\n\n## Assistant\n\n${answer}`;
}

/** A question, a train of thought and an answer; each format's file says how it carries the thought. */
export const reasoning = eitherForm(own, first, (value) => 'prompt' in value);
