import { z } from 'zod';
import type { ChatMessage } from '../../../src/stages/agent/chat-model.ts';

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

type Format = 'strict' | 'json_schema' | 'json_object' | 'plain';

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
