import { z } from 'zod';
import type { ChatMessage } from '../../../stages/agent/chat-model.ts';
import { isObject, parseJson } from '../../../stages/text/json.ts';
import { listOrEmpty, type Schema, schemasOf } from '../json-schema.ts';
import { type Invention, simulatedAnswer } from './answer.ts';

const TOOLS = /<tools(?:-[0-9a-f]{8})?>([\s\S]*?)<\/tools(?:-[0-9a-f]{8})?>/;
const MOST_CALLS = 2;

const toolSchema = z.object({ name: z.string(), parameters: z.record(z.string(), z.unknown()).optional() });
const toolsSchema = z.array(toolSchema).min(1);
export type ShownTool = z.output<typeof toolSchema>;

const callingSchema = z.looseObject({
  steps: z.array(
    z.looseObject({ calls: z.array(z.looseObject({ name: z.string(), arguments: z.string() })).min(1) }),
  ),
});

/** The tools that the messages show; none where they show none. */
export function toolsIn(messages: readonly ChatMessage[]): readonly ShownTool[] {
  const shown = messages.map(({ content }) => TOOLS.exec(content)?.[1]).find((text) => text !== undefined);
  return toolsSchema.safeParse(parseJson(shown ?? '')).data ?? [];
}

/**
 * An invented answer with calls, so that they call the tools: one step of one or two calls, whose arguments are what the tool requires.
 * Any other answer is itself. Patterns of texts are not looked at.
 */
export function withRealCalls(answer: unknown, tools: readonly ShownTool[], invention: Invention): unknown {
  const calling = callingSchema.safeParse(answer).data;
  const [step] = calling?.steps ?? [];
  if (calling === undefined || step === undefined || tools.length === 0) return answer;
  const calls = step.calls.slice(0, MOST_CALLS).map((call, index) => {
    const { name, parameters = {} } = tools[(invention.hash + index) % tools.length] ?? { name: call.name };
    return { ...call, name, arguments: simulatedArgs(parameters, invention) };
  });
  return { ...calling, steps: [{ ...step, calls }] };
}

/** JSON of invented arguments: those that the tool requires. */
export function simulatedArgs(parameters: Schema, invention: Invention): string {
  return JSON.stringify(simulatedAnswer(needed({ ...parameters, type: 'object' }), invention));
}

/** The schema without the properties that may be left out. */
function needed(schema: Schema): Schema {
  const required = new Set(listOrEmpty(schema['required']));
  const properties = schemasOf(schema['properties']).filter(([name]) => required.has(name));
  const { items } = schema;
  return {
    ...schema,
    ...(isObject(schema['properties'])
      ? { properties: Object.fromEntries(properties.map(([name, inner]) => [name, needed(inner)])) }
      : {}),
    ...(isObject(items) ? { items: needed(items) } : {}),
  };
}
