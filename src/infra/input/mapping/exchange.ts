import type { Meant, ReadAs } from './meant.ts';
import type { RowMessage } from './message.ts';

/**
 * What messages ask, and where the question does not stand last what answers it. The last user message asks, or with
 * `as: 'conversation'` the first. A reason where nobody asks.
 */
export function exchangeOf(messages: readonly RowMessage[], { as }: ReadAs): Omit<Meant, 'others'> | string {
  const from = messages.findIndex(({ role }) => role !== 'system');
  const spoken = from < 0 ? [] : messages.slice(from);
  const leading = messages.slice(0, messages.length - spoken.length);
  const isUser = ({ role }: RowMessage) => role === 'user';
  const at = as === 'conversation' ? spoken.findIndex(isUser) : spoken.findLastIndex(isUser);
  const asked = spoken[at];
  if (asked === undefined) return 'expected a message of the user, came none';
  const [history, answer] = [spoken.slice(0, at), spoken.slice(at + 1)];
  return {
    question: asked.content,
    ...(leading.length === 0 ? {} : { system: leading.map(({ content }) => content).join('\n\n') }),
    ...(history.length === 0 ? {} : { history }),
    ...(answer.length === 0 ? {} : { answer }),
  };
}
