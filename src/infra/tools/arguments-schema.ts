import { z } from 'zod';
import type { ToolSpec } from '../../stages/tools/tool.ts';

/** What a model is told of the arguments of a tool. */
export function argumentsSchema(schema: z.ZodType): ToolSpec['parameters'] {
  const { $schema: _, ...parameters } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
  return parameters;
}
