import { z } from 'zod';
import type { ToolSpec } from '../../stages/tools/tool.ts';

/** The arguments of a tool of ours as its model is told them. */
export function toolArgs(schema: z.ZodObject): Pick<ToolSpec, 'parameters'> {
  const { $schema: _, ...parameters } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
  return { parameters };
}
