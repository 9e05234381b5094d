import { z } from 'zod';
import { grouped } from '../text/grouped.ts';
import { jsonOrSame } from './json-or-same.ts';
import { type Message, messageSchema } from './messages.ts';

const MAX_MESSAGES = 200;
const MAX_CHARACTERS = 200_000;

/** What was said before the question: whole turns, each with a call's results where the assistant called a tool. */
export const historySchema = z.preprocess(
  jsonOrSame,
  z
    .array(messageSchema)
    .max(MAX_MESSAGES, `expected at most ${MAX_MESSAGES} messages, came more`)
    .transform(withIds)
    .superRefine((messages, context) => {
      const fault = faultIn(messages);
      if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
    })
    .refine((messages) => JSON.stringify(messages).length <= MAX_CHARACTERS, {
      error: `expected at most ${grouped(MAX_CHARACTERS)} characters, came more`,
    }),
);

/** The messages with a name for each call and each result: data sets that have a result follow its call leave them out. */
function withIds(messages: readonly Message[]): readonly Message[] {
  let count = 0;
  let open: string[] = [];
  return messages.map((message) => {
    if (message.tool_calls !== undefined) {
      const tool_calls = message.tool_calls.map((call) => {
        count += 1;
        return { ...call, id: call.id === '' ? `call_${count}` : call.id };
      });
      open = tool_calls.map((call) => call.id);
      return { ...message, tool_calls };
    }
    if (message.role !== 'tool') return message;
    const tool_call_id = message.tool_call_id ?? open[0];
    open = open.filter((id) => id !== tool_call_id);
    return tool_call_id === undefined ? message : { ...message, tool_call_id };
  });
}

/** What keeps the messages from being whole turns; `undefined` if nothing does. */
function faultIn(messages: readonly Message[]): string | undefined {
  let expected: readonly Message['role'][] = ['user'];
  let open = new Set<string>();
  for (const [index, message] of messages.entries()) {
    const { role, content, tool_calls = [], tool_call_id = '' } = message;
    const where = `message ${index + 1}`;
    if (!expected.includes(role)) return `${where}: expected ${expected.join(' or ')}, came ${role}`;
    if (role === 'tool') {
      if (!open.delete(tool_call_id)) return `${where}: expected the result of a call before it`;
      expected = open.size === 0 ? ['assistant'] : ['tool'];
    } else if (content.trim() === '' && tool_calls.length === 0)
      return `${where}: expected a text, came none`;
    else if (role === 'user') expected = ['assistant'];
    else {
      open = new Set(tool_calls.map(({ id }) => id));
      expected = open.size === 0 ? ['user'] : ['tool'];
    }
  }
  const ended = messages.length === 0 || expected.includes('user');
  return ended
    ? undefined
    : 'expected the last message to be an answer of the assistant: the question follows it';
}
