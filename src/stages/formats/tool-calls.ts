import { z } from 'zod';
import type { Message } from '../question-parts/messages.ts';
import type { Told } from './turn.ts';

/** A tool as OpenAI, TRL and Axolotl have it. */
const toolRule = z.strictObject({
  type: z.literal('function'),
  function: z.strictObject({
    name: z.string(),
    description: z.string().optional(),
    parameters: z.record(z.string(), z.unknown()).optional(),
    strict: z.boolean().optional(),
  }),
});
export const toolsRule = z.array(toolRule).min(1).optional();

export const calledRule = z.strictObject({
  id: z.string().min(1),
  type: z.literal('function'),
  function: z.strictObject({ name: z.string(), arguments: z.string() }),
});

/** The column or key `tools` of a line, where there are any. */
export function toolsColumn({ tools = [] }: Told): Readonly<{ tools?: z.output<typeof toolsRule> }> {
  return tools.length === 0 ? {} : { tools: [...tools] };
}

/** A message between the user's and the answer, as chat APIs have it. */
export function stepMessage({ role, content, tool_calls = [], tool_call_id, name }: Message) {
  return {
    role,
    ...(content === '' && role !== 'tool' ? {} : { content }),
    ...(tool_calls.length === 0
      ? {}
      : {
          tool_calls: tool_calls.map(({ id, name: called, arguments: values }) => ({
            id,
            type: 'function' as const,
            function: { name: called, arguments: values },
          })),
        }),
    ...(tool_call_id === undefined ? {} : { tool_call_id }),
    ...(name === undefined || role !== 'tool' ? {} : { name }),
  };
}

type Line = Readonly<{
  tools?: z.output<typeof toolsRule>;
  messages?: readonly Calling[];
  prompt?: readonly Calling[];
  completion?: readonly Calling[];
}>;
type Calling = Readonly<{ tool_calls?: readonly z.output<typeof calledRule>[] | undefined }>;

/** For `refine`: a line calls only what its tools have. */
export const CALLS_FIT: readonly [(line: Line) => boolean, string] = [
  ({ tools = [], messages = [], prompt = [], completion = [] }) => {
    const known = new Set(tools.map((tool) => tool.function.name));
    const calls = [...messages, ...prompt, ...completion].flatMap(({ tool_calls = [] }) => tool_calls);
    return calls.every((call) => known.has(call.function.name));
  },
  'a tool is called that is none of the tools of the line',
];
