import type { Message } from '../question-parts/messages.ts';
import type { Turn } from './turn.ts';

/** Whole turns of messages that were said. What comes before the first message of the user, or after the last answer, is no turn. */
export function turnsOf(messages: readonly Message[]): readonly Turn[] {
  const turns: Turn[] = [];
  let user: string | undefined;
  let steps: Message[] = [];
  for (const message of messages) {
    const { role, content, tool_calls, reasoning } = message;
    if (role === 'user') [user, steps] = [content, []];
    else if (role === 'tool' || tool_calls !== undefined) steps.push(message);
    else if (user !== undefined) {
      const thought = reasoning === undefined ? {} : { reasoning };
      turns.push({ user, assistant: content, ...thought, ...(steps.length === 0 ? {} : { steps }) });
      [user, steps] = [undefined, []];
    }
  }
  return turns;
}
