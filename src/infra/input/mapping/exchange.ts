import type { Meant, ReadAs } from './meant.ts';
import type { RowMessage } from './message.ts';

/** What messages ask, and what answers it. */
export type Exchange = Readonly<{
  system: string | undefined;
  /** What was said between the system prompt and the question. */
  history: readonly RowMessage[];
  question: string;
  /** Empty where the question stands last. */
  answer: readonly RowMessage[];
}>;

/**
 * Takes a conversation apart: the last user message asks, or with `as: 'conversation'` the first. A reason where nobody asks.
 */
export function exchangeOf(messages: readonly RowMessage[], { as }: ReadAs): Exchange | string {
  const from = messages.findIndex(({ role }) => role !== 'system');
  const spoken = from < 0 ? [] : messages.slice(from);
  const leading = messages.slice(0, messages.length - spoken.length);
  const isUser = ({ role }: RowMessage) => role === 'user';
  const at = as === 'conversation' ? spoken.findIndex(isUser) : spoken.findLastIndex(isUser);
  const asked = spoken[at];
  if (asked === undefined) return 'expected a message of the user, came none';
  return {
    system: leading.length === 0 ? undefined : leading.map(({ content }) => content).join('\n\n'),
    history: spoken.slice(0, at),
    question: asked.content,
    answer: spoken.slice(at + 1),
  };
}

/** The parts of a question that the exchange has, and its answer. */
export function meantOf({ system, history, question, answer }: Exchange): Omit<Meant, 'others'> {
  return {
    question,
    ...(system === undefined ? {} : { system }),
    ...(history.length === 0 ? {} : { history }),
    ...(answer.length === 0 ? {} : { answer }),
  };
}
