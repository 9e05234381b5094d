import { z } from 'zod';
import type { ChatReply } from '../../../stages/agent/chat-model.ts';
import type { ToolCall } from '../../../stages/tools/tool.ts';

const callSchema = z.object({
  id: z.string().nullish().catch(null),
  function: z.object({ name: z.string(), arguments: z.unknown().optional() }),
});
const saidSchema = z.object({
  choices: z.tuple(
    [z.object({ message: z.looseObject({ tool_calls: z.array(z.unknown()).nullish() }) })],
    z.unknown(),
  ),
});

/** What a completion asks to be called, and its message as it came: with every field that only its server knows. */
export function callsIn(completion: unknown): Pick<ChatReply, 'calls' | 'message'> {
  const said = saidSchema.safeParse(completion).data;
  if (said === undefined) return {};
  const [{ message }] = said.choices;
  const calls = (message.tool_calls ?? []).flatMap((each, index) => callOf(each, index) ?? []);
  return { message, ...(calls.length === 0 ? {} : { calls }) };
}

/** Some servers give no ids, and arguments that are no text any more. */
function callOf(value: unknown, index: number): ToolCall | undefined {
  const called = callSchema.safeParse(value).data;
  if (called === undefined) return undefined;
  const { name, arguments: given } = called.function;
  const args = typeof given === 'string' ? given : JSON.stringify(given ?? {});
  return { id: called.id || `call_${index}`, name, args: args.trim() === '' ? '{}' : args };
}
