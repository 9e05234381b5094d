import type { z } from 'zod';
import { ownTool } from './own-tool.ts';
import type { JsonSchema, OwnTool, ToolDefinition } from './tool-definition.ts';

/** A tool of one's own, for `tools` of a plugin or of a pipeline. Nothing happens until it is registered. */
export function defineTool<Parameters extends z.ZodType | JsonSchema>(
  definition: ToolDefinition<Parameters>,
): OwnTool {
  const { name, version } = definition;
  return { name, version, open: (deps) => ownTool(definition, deps) };
}
