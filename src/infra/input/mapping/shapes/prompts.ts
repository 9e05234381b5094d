import { exchangeOf } from '../exchange.ts';
import { holds, type Meant, type ReadAs, type Shape } from '../meant.ts';
import { rowMessagesOf } from '../messages-of.ts';
import { besideOf } from './conversations.ts';
import { ANSWER_NAMES, answerBeside } from './instructions.ts';

/**
 * `prompt` and `completion`, texts or messages: TRL. A prompt alone may be a prompt for pictures, or a template: whoever means a
 * question says so by `--map`.
 */
export const prompts: Shape = {
  name: 'prompt and completion',
  shown: { question: 'prompt', answer: 'completion' },
  own: false,
  fits: (row) => holds(row, 'prompt') && ANSWER_NAMES.some((name) => holds(row, name)),
  read: (row, how) => {
    const asked = askedBy(row['prompt'], how);
    if (typeof asked === 'string') return `prompt: ${asked}`;
    const answered = answerBeside(row);
    if (typeof answered === 'string') return answered;
    const { answer, names } = answered;
    const { others, ...beside } = besideOf(row, ['prompt', ...names]);
    return { ...beside, ...asked, ...(answer === undefined ? {} : { answer }), others };
  },
};

/** A prompt as text or as messages whose last is the user's. */
export function askedBy(prompt: unknown, how: ReadAs): Omit<Meant, 'others'> | string {
  if (typeof prompt === 'string') return { question: prompt };
  const messages = rowMessagesOf(prompt);
  if (typeof messages === 'string') return messages;
  const exchange = exchangeOf(messages, { ...how, as: undefined });
  if (typeof exchange === 'string') return exchange;
  return exchange.answer === undefined ? exchange : 'expected the last message to be the user’s';
}
