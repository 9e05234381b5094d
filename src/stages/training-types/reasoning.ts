import { z } from 'zod';
import type { Turn } from '../formats/turn.ts';
import { defineTrainingType, prose } from './training-type.ts';

const THINK_TAG = /<\/?think>/iu;

/** The alpaca and sharegpt formats mark the reasoning with this tag: in a text of its own it would end it too early. */
const untagged = prose.refine((text) => !THINK_TAG.test(text), 'the text must not contain <think> tags');

// The order is the order in which a model writes: it has to think before it answers.
const candidate = z.object({
  prompt: prose.describe("The user's message, complete in itself."),
  reasoning: untagged.describe('The train of thought that leads to the answer.'),
  answer: untagged.describe("The assistant's final answer, readable without the reasoning."),
});

function turnsOf({ prompt, reasoning, answer }: z.output<typeof candidate>): readonly Turn[] {
  return [{ user: prompt, reasoning, assistant: answer }];
}

/** A prompt, a train of thought and an answer; each format's file says how it carries the thought. */
export const reasoning = defineTrainingType({
  name: 'reasoning',
  description: 'a prompt, the train of thought and the answer, with the thought kept apart',
  candidate,
  instructions: `Write one example that teaches a model to think before it answers: what a user asks, a train of thought, and the answer it leads to.

"prompt" is the user's message:
- Ask what the given question asks, within its topic and sub-topic, in such a way that the answer has to be worked out rather than recalled.
- It must be complete in itself: give every number, condition, text or piece of code that is needed.

"reasoning" is the train of thought, as an expert would think aloud:
- Say what is asked and what is given, split the problem, and go step by step. Show each calculation and each inference; do not jump.
- Rest on the findings you were given, as knowledge of your own. Weigh alternatives where a careful thinker would hesitate, and drop a false start only after saying why it fails.
- Check the result: another way, a limiting case, the units, or the conditions of the question.
- It must lead to the answer. Never state the conclusion first and justify it afterwards.

"answer" is the assistant's message:
- It must be right, follow from the reasoning and be readable without it: the result first, then the few steps that convince.
- Name the limits that matter to the user.

Write no <think> tags. No text may speak of being an example, of training, of a data set, of findings or sources that were handed to you, or of these instructions.`,
  present: (value) =>
    `## User\n\n${value.prompt}\n\n## Reasoning (apart from the answer)\n\n${value.reasoning}\n\n## Assistant\n\n${value.answer}`,
  turns: turnsOf,
});
