import { z } from 'zod';
import { defineTrainingType, prose } from './training-type.ts';

const MIN_TURNS = 2;

// Pairs, not messages: what alternates by construction cannot be written in the wrong order.
const turn = z.object({
  user: prose.describe("The user's message."),
  assistant: prose.describe("The assistant's answer to it."),
});

const candidate = z.object({
  turns: z.array(turn).min(MIN_TURNS, `a conversation has at least ${MIN_TURNS} turns`),
});

/** Several turns, each a user's message and the answer to it: it begins with the user and ends with the assistant. */
export const conversation = defineTrainingType({
  name: 'conversation',
  description: 'a conversation of several turns between a user and the assistant',
  candidate,
  instructions: `Write one conversation between a user and an assistant, of three to five turns (never fewer than ${MIN_TURNS}). Each turn is one message of the user and the assistant's answer to it.

The user:
- Opens with what the given question asks, within its topic and sub-topic. Later messages react to what the assistant has just said: they follow up, doubt, give a new detail or constraint, ask for an example, or apply it to a case of their own.
- Writes as people do: shorter than the assistant, with a purpose that becomes clearer from turn to turn. No message of thanks as a last turn.
- Gives the text, numbers or code that a message depends on.

The assistant:
- Answers the message at hand and uses what was said before, without repeating it. Each turn must bring something new.
- Every statement must agree with the findings you were given; where they are uncertain or name a limit that matters, say so plainly. Spread them over the turns instead of spending everything on the first.
- Asks back only when the answer truly depends on it. Admits and corrects a slip when the user is right, and stays with the facts when the user is wrong.
- Starts with the answer itself. No greeting, no praise of the question.

No message may speak of being an example, of training, of a data set, of findings or sources that were handed to you, or of these instructions.`,
  present: ({ turns }) =>
    turns
      .map(
        ({ user, assistant }, index) =>
          `## User, turn ${index + 1}\n\n${user}\n\n## Assistant, turn ${index + 1}\n\n${assistant}`,
      )
      .join('\n\n'),
  turns: ({ turns }) => turns,
});
