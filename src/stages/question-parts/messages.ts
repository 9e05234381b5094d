import { z } from 'zod';
import { isObject } from '../text/json.ts';
import { toolNameSchema } from './tools.ts';

const id = z.string().max(200);

/** A call of a tool. Its arguments are the text of a JSON object, as models write them. */
const callSchema = z.preprocess(
  flattened,
  z.object({
    id: id.default(''),
    name: toolNameSchema,
    arguments: z.preprocess(
      (given) => (typeof given === 'string' ? given : JSON.stringify(given ?? {})),
      z.string(),
    ),
  }),
);

/** One message of a conversation. Thoughts and calls are taken by the names that other tools give them, too. */
export const messageSchema = z.preprocess(
  asOurs,
  z.object({
    role: z.enum(['user', 'assistant', 'tool']),
    content: z.string(),
    reasoning: z.string().optional(),
    tool_calls: z.array(callSchema).min(1).optional(),
    tool_call_id: id.optional(),
    name: id.optional(),
  }),
);
export type Message = Readonly<z.output<typeof messageSchema>>;

/** OpenAI keeps name and arguments of a call under `function`. */
function flattened(value: unknown): unknown {
  if (!isObject(value) || !isObject(value['function'])) return value;
  return { ...value['function'], id: value['id'] };
}

function asOurs(value: unknown): unknown {
  if (!isObject(value)) return value;
  const { content, reasoning, reasoning_content, tool_calls, ...rest } = value;
  const [thought, calls] = [reasoning ?? reasoning_content ?? '', tool_calls ?? []];
  return {
    ...rest,
    content: content ?? '',
    ...(thought === '' ? {} : { reasoning: thought }),
    ...(Array.isArray(calls) && calls.length === 0 ? {} : { tool_calls: calls }),
  };
}
