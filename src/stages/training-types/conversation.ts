import { z } from 'zod';
import type { Turn } from '../formats/turn.ts';
import { eitherForm, prose, type TrainingType } from './training-type.ts';

const MIN_TURNS = 2;

// Pairs, not messages: what alternates by construction cannot be written in the wrong order.
const turn = z.object({
  user: prose.describe("The user's message."),
  assistant: prose.describe("The assistant's answer to it."),
});

const candidate = z.object({
  answer: prose.describe("The assistant's answer to the question."),
  turns: z.array(turn).min(1, 'a conversation goes on for at least one turn').describe('What follows it.'),
});
const rephrased = z.object({
  turns: z.array(turn).min(MIN_TURNS, `a conversation has at least ${MIN_TURNS} turns`),
});

const about = {
  name: 'conversation',
  description: 'a conversation of several turns between a user and the assistant',
};

/** What holds of every turn, whoever writes the first message. */
const ASSISTANT = `- Gives the text, numbers or code that a message depends on.

The assistant:
- Answers the message at hand and uses what was said before, without repeating it. Each turn must bring something new.
- Every statement must agree with the findings you were given; where they are uncertain or name a limit that matters, say so plainly. Spread them over the turns instead of spending everything on the first.
- Asks back only when the answer truly depends on it. Admits and corrects a slip when the user is right, and stays with the facts when the user is wrong.
- Starts with the answer itself. No greeting, no praise of the question.

No message may speak of being an example, of training, of a data set, of findings or sources that were handed to you, or of these instructions.`;

const own: TrainingType<z.output<typeof candidate>> = {
  ...about,
  candidate,
  instructions: `Write one conversation between a user and an assistant, of three to five turns in all (never fewer than ${MIN_TURNS}). It opens with the question itself, word for word: that is the user's first message, and you do not write it.

"answer" is the assistant's answer to the question. "turns" are what follows: each is one message of the user and the assistant's answer to it.

The user:
- Reacts to what the assistant has just said: follows up, doubts, gives a new detail or constraint, asks for an example, or applies it to a case of their own.
- Writes as people do, in the manner of the question: shorter than the assistant, with a purpose that becomes clearer from turn to turn. No message of thanks as a last turn.
${ASSISTANT}`,
  present: ({ answer, turns }, { text }) => presented([{ user: text, assistant: answer }, ...turns]),
  turns: ({ answer, turns }, { text }) => [{ user: text, assistant: answer }, ...turns],
  takesTurns: true,
  fromAnswer: ({ content, messages }) => {
    const [first = { content }, ...more] = messages;
    const turns = more.flatMap(({ role, content: user }, index) =>
      role === 'user' ? [{ user, assistant: more[index + 1]?.content ?? '' }] : [],
    );
    return { answer: first.content, turns };
  },
};

const first: TrainingType<z.output<typeof rephrased>> = {
  ...about,
  candidate: rephrased,
  instructions: `Write one conversation between a user and an assistant, of three to five turns (never fewer than ${MIN_TURNS}). Each turn is one message of the user and the assistant's answer to it.

The user:
- Opens with what the given question asks, within its topic and sub-topic. Later messages react to what the assistant has just said: they follow up, doubt, give a new detail or constraint, ask for an example, or apply it to a case of their own.
- Writes as people do: shorter than the assistant, with a purpose that becomes clearer from turn to turn. No message of thanks as a last turn.
${ASSISTANT}`,
  present: ({ turns }) => presented(turns),
  turns: ({ turns }) => turns,
};

function presented(turns: readonly Turn[]): string {
  return turns
    .map(
      ({ user, assistant }, index) =>
        `## User, turn ${index + 1}\n\n${user}\n\n## Assistant, turn ${index + 1}\n\n${assistant}`,
    )
    .join('\n\n');
}

/** Several turns, each a user's message and the answer to it: it begins with the user and ends with the assistant. */
export const conversation = eitherForm(own, first, (value) => !('answer' in value));
