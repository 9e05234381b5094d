import { z } from 'zod';
import { grouped } from '../text/grouped.ts';
import { isObject } from '../text/json.ts';
import { jsonOrSame } from './json-or-same.ts';

const MAX_TOOLS = 64;
const MAX_TOOLS_CHARACTERS = 64 * 1_024;

/** As model servers name functions. */
export const toolNameSchema = z
  .string()
  .regex(/^[\w.-]{1,128}$/, 'expected a name of letters, digits, _ . -');

const functionSchema = z.object({
  name: toolNameSchema,
  description: z.string().optional(),
  /** A JSON schema of the arguments. */
  parameters: z.record(z.string(), z.unknown()).optional(),
  strict: z.boolean().optional(),
});

/** A tool that the assistant may call, as OpenAI writes it; a bare function is taken too. */
const toolSchema = z.preprocess(
  (value) => (isObject(value) && !('function' in value) ? { type: 'function', function: value } : value),
  z.object({ type: z.literal('function'), function: functionSchema }),
);

export type QuestionTool = Readonly<z.output<typeof toolSchema>>;

/** The tools of a question, also as the text of their JSON, as columns of tables hold them. */
export const toolsSchema = z.preprocess(
  jsonOrSame,
  z
    .array(toolSchema)
    .max(MAX_TOOLS, `expected at most ${MAX_TOOLS} tools, came more`)
    .refine(
      (tools) => new Set(tools.map((tool) => tool.function.name)).size === tools.length,
      'expected each tool once, came two of one name',
    )
    .refine((tools) => JSON.stringify(tools).length <= MAX_TOOLS_CHARACTERS, {
      error: `expected at most ${grouped(MAX_TOOLS_CHARACTERS)} characters of JSON, came more`,
    }),
);
