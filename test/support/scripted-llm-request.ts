import { z } from 'zod';
import type { ChatMessage } from '../../src/stages/chat-model.ts';

const requestSchema = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })),
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

export type Format = 'strict' | 'json_schema' | 'json_object' | 'plain';

/** A request as the scripted server understands it. */
export type ScriptedRequest = Readonly<{
  model: string;
  messages: readonly ChatMessage[];
  format: Format;
  /** `research`, `candidate` or `review`; empty if the request names none. */
  schemaName: string;
  schema: Readonly<Record<string, unknown>>;
}>;

/** Reads a request's body; the schema stands in the response format, or else in the messages. Throws on nonsense. */
export function readScriptedRequest(body: string): ScriptedRequest {
  const { model, messages, response_format: format } = requestSchema.parse(JSON.parse(body));
  const given = format?.json_schema;
  if (given !== undefined) {
    const strict = given.strict === true ? 'strict' : 'json_schema';
    return { model, messages, format: strict, schemaName: given.name, schema: given.schema };
  }
  const words = messages.map(({ content }) => content).join('\n');
  const [, schemaName = '', text = '{}'] =
    /<json_schema name="([^"]*)">([\s\S]*?)<\/json_schema>/.exec(words) ?? [];
  const schema = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  return {
    model,
    messages,
    format: format?.type === 'json_object' ? 'json_object' : 'plain',
    schemaName,
    schema,
  };
}
