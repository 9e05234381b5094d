import { z } from 'zod';
import type { ChatMessage } from '../../../src/stages/agent/chat-model.ts';

const said = z.object({
  role: z.enum(['system', 'user', 'assistant']),
  /** Nothing, where it was nothing but calls. */
  content: z
    .string()
    .nullable()
    .transform((text) => text ?? ''),
});
const looked = z
  .object({ role: z.literal('tool'), content: z.string(), tool_call_id: z.string() })
  .transform(({ role, content, tool_call_id: callId }) => ({ role, content, callId }));

const requestSchema = z.object({
  model: z.string(),
  messages: z.array(z.discriminatedUnion('role', [said, looked])),
  tools: z.array(z.object({ function: z.object({ name: z.string() }) })).default([]),
  response_format: z
    .object({
      type: z.string(),
      json_schema: z
        .object({
          name: z.string(),
          strict: z.boolean().optional(),
          schema: z.record(z.string(), z.unknown()),
        })
        .optional(),
    })
    .optional(),
});

type Format = 'strict' | 'json_schema' | 'json_object' | 'plain';

/** A request as the scripted server understands it. */
export type ScriptedRequest = Readonly<{
  model: string;
  messages: readonly ChatMessage[];
  /** The names of what the model may call. */
  tools: readonly string[];
  format: Format;
  /** `research`, `candidate` or `review`; empty if the request names none. */
  schemaName: string;
  schema: Readonly<Record<string, unknown>>;
}>;

/** Reads a request's body; the schema stands in the response format, or else in the messages. Throws on nonsense. */
export function readScriptedRequest(body: string): ScriptedRequest {
  const { response_format: format, tools: offered, ...asked } = requestSchema.parse(JSON.parse(body));
  const told = { ...asked, tools: offered.map(({ function: { name } }) => name) };
  const given = format?.json_schema;
  if (given !== undefined) {
    const strict = given.strict === true ? 'strict' : 'json_schema';
    return { ...told, format: strict, schemaName: given.name, schema: given.schema };
  }
  const words = told.messages.map(({ content }) => content).join('\n');
  const [, schemaName = '', text = '{}'] =
    /<json_schema name="([^"]*)">([\s\S]*?)<\/json_schema>/.exec(words) ?? [];
  const schema = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  return {
    ...told,
    format: format?.type === 'json_object' ? 'json_object' : 'plain',
    schemaName,
    schema,
  };
}

/**
 * The messages without the schema that the first of them may end with: a process says it in words beside its first call and
 * not later, so that one work may be asked for with it and without it.
 */
export function withoutSchema([first, ...rest]: readonly ChatMessage[]): readonly ChatMessage[] {
  if (first === undefined) return [];
  const at = first.content.indexOf('<json_schema name="');
  if (at === -1) return [first, ...rest];
  const said = first.content.lastIndexOf('\n', at - 2);
  const content = first.content.slice(0, Math.max(said, 0)).trimEnd();
  return content === '' ? rest : [{ ...first, content }, ...rest];
}
