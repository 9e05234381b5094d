import { z } from 'zod';
import { eitherForm, prose, type TrainingType } from './training-type.ts';

const answer = prose.describe("The assistant's ideal answer.");
const candidate = z.object({ answer });
const rephrased = z.object({
  prompt: prose.describe("The user's message, complete in itself."),
  answer,
});

const about = { name: 'sft', description: 'one question and the ideal answer to it, as chat messages' };

/** What the answer has to be, whoever writes the question. */
const ANSWER = `"answer" is the assistant's message:
- Start with the answer itself, then give the reasons, steps or examples that make it useful. No greeting, no praise of the question, no summary of what was just said.
- Every statement must agree with the findings you were given. Where they are uncertain or name a limit that matters to the user, say so plainly. Leave out what they do not support.
- Go as deep as the question asks: a definition needs a paragraph, a procedure needs its steps. Use lists, tables or code blocks where they carry meaning, not as decoration.
- Use the exact terms of the field, and explain those that the asker may not know. Check numbers, units, names and code before you write them down.`;

const own: TrainingType<z.output<typeof candidate>> = {
  ...about,
  candidate,
  instructions: `Write the answer to one question, for supervised fine-tuning: an answer an expert would be proud of. The user's message is the question itself, word for word; it stands before your answer in the example.

${ANSWER}

The answer may not speak of being an example, of training, of a data set, of findings or sources that were handed to you, or of these instructions.`,
  present: ({ answer: said }, { text }) => `## User\n\n${text}\n\n## Assistant\n\n${said}`,
  turns: ({ answer: said }, { text }) => [{ user: text, assistant: said }],
  fromAnswer: ({ content }) => ({ answer: content }),
};

const first: TrainingType<z.output<typeof rephrased>> = {
  ...about,
  candidate: rephrased,
  instructions: `Write one example for supervised fine-tuning: what a user asks, and the answer an expert would be proud of.

"prompt" is the user's message:
- Ask what the given question asks, within its topic and sub-topic, in the words of a real person who needs the answer.
- It must be complete in itself. If it depends on a text, a table or code, quote what is needed in the prompt.

${ANSWER}

Neither text may speak of being an example, of training, of a data set, of findings or sources that were handed to you, or of these instructions.`,
  present: ({ prompt, answer: said }) => `## User\n\n${prompt}\n\n## Assistant\n\n${said}`,
  turns: ({ prompt, answer: said }) => [{ user: prompt, assistant: said }],
};

/** One question and one answer. The messages are made on export: a model that does not write roles cannot mix them up. */
export const sft = eitherForm(own, first, (value) => 'prompt' in value);
