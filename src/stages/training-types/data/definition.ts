import { z } from 'zod';
import { CONTEXT_TURNS } from '../../formats/turn.ts';
import { rubricSchema, USER_TURNS } from '../../lanes/recipe.ts';
import { checkSchema } from './checks.ts';

const MAX_TEXT_CHARACTERS = 20_000;
const text = z.string().trim().min(1).max(MAX_TEXT_CHARACTERS);

const message = z.union([
  z.strictObject({ user: text }),
  z.strictObject({ assistant: text, reasoning: text.optional() }),
]);

/** A training type as its file says it, `types/flashcard.yaml`. It stands in the recipes of a lane, and so travels to every worker. */
export const typeDefinitionSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'expected a-z, 0-9 and -, at most 40 long'),
  description: z.string().trim().min(1).max(200).optional(),
  /** A JSON schema of what the model writes. */
  candidate: z.record(z.string(), z.unknown()),
  instructions: text,
  /** A template of what the judge sees. Default: the candidate as JSON. */
  judge: text.optional(),
  /** Criteria beside those of the rubric, or in place of one of the same name. */
  rubric: rubricSchema.optional(),
  /** What is said, in turns. Absent: only the formats `columns` and `record` hold such examples. */
  messages: z.array(message).min(2).max(64).optional(),
  pair: z.strictObject({ prompt: text.optional(), chosen: text, rejected: text }).optional(),
  /** Columns of the format `columns`: a JSON pointer (`/front`), a template, or `$score` and its kin. */
  columns: z.record(z.string().min(1).max(64), text).optional(),
  /** How an answer that somebody brought becomes a candidate: templates that may name `{{answer}}`, `{{reasoning}}` and `{{question}}`, or `$answer`. */
  given: z.record(z.string(), text).optional(),
  /** What code looks for in its texts, once the schema fits. The model is asked again with the reason where it is not so. */
  verify: z.array(checkSchema).max(32).optional(),
  /** Where the source of a question stands, if an export does not say it. Absent: nowhere. */
  context_turn: z.enum(CONTEXT_TURNS).optional(),
  user_turn: z.enum(USER_TURNS).default('verbatim'),
});
export type TypeDefinition = Readonly<z.output<typeof typeDefinitionSchema>>;
