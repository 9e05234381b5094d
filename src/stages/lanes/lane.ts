import { hash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { LaneName, WorkKey } from '../../streams/work/work.ts';
import type { Question } from '../question.ts';
import { offsetPairsSchema } from './offsets.ts';
import { recipesSchema } from './recipe.ts';

/** The lane that everything goes through unless a replay opened another. */
export const MAIN_LANE = 'main' as LaneName;

export const laneNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'expected a name of a-z, 0-9 and -, at most 63 long')
  .transform((name) => name as LaneName);

/** One pass over the questions: every worker works a record by the recipes of the record's lane. */
export const laneSchema = z.object({
  name: laneNameSchema,
  /** The lane it was replayed from, or whose judge a shadow works beside. */
  parent: z.string().optional(),
  /** The lane of a shadow judge: no question stands in it. */
  shadow: z.literal(true).optional(),
  /** Where a shadow judge began: it judges no candidate before that, whatever becomes of its group. */
  begin: offsetPairsSchema.optional(),
  recipes: recipesSchema,
  /** Definitions of types that it went by before, the newest first: examples that were made by them are read by them. */
  formerTypes: z.array(z.record(z.string(), z.unknown())).optional(),
  simulated: z.boolean(),
  /** What the tags of prompts are made from. Lanes of 0.1.0 have none. */
  secret: z.string().optional(),
  createdAt: z.string(),
});
export type Lane = Readonly<z.output<typeof laneSchema>>;

export function newSecret(): string {
  return randomBytes(16).toString('hex');
}

const SUFFIX_LETTERS = 8;

/**
 * What the tags in the prompts of a work end with: the same however often it is asked, and nothing that the text of another
 * work could have told.
 */
export function suffixOf(
  { secret, name, createdAt }: Lane,
  { questionId, stage, revision }: WorkKey,
): string {
  const key = secret ?? `${name} ${createdAt}`;
  return hash('sha256', JSON.stringify([key, questionId, stage, revision])).slice(0, SUFFIX_LETTERS);
}

/**
 * The same for what many questions share (source, passages, system prompt, tools): it is one suffix for all of them, so that servers can
 * keep the beginning of their prompts.
 */
export function sharedSuffixOf({ secret, name, createdAt }: Lane, stage: string, question: Question): string {
  const { topic, subTopic, context, system, tools, passages } = question;
  const key = secret ?? `${name} ${createdAt}`;
  const shared = [key, 'shared', stage, topic, subTopic, context, system, tools, passages];
  return hash('sha256', JSON.stringify(shared)).slice(0, SUFFIX_LETTERS);
}

export interface LaneRepository {
  get(name: LaneName): Promise<Lane | undefined>;
  /** Puts it unless there is one of this name. Resolves with the one that stands. */
  open(lane: Lane): Promise<Lane>;
  put(lane: Lane): Promise<void>;
}
