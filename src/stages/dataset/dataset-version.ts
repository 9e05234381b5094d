import { z } from 'zod';
import { usageSchema } from '../example.ts';
import { laneNameSchema } from '../lanes/lane.ts';
import { exampleFilterSchema } from './example-filter.ts';
import { SPLIT_NAMES, splitSchema } from './split.ts';

const count = z.number().int().nonnegative();

/** Next offsets, by partition. Text, since they have 64 bits. */
const ledgerOffsetsSchema = z.array(z.tuple([count, z.string().regex(/^\d+$/)])).readonly();

export const versionNameSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'a name has letters, digits, dots, dashes and underscores, at most 64',
  );

const fileSchema = z
  .object({
    name: z.string(),
    part: z.enum(SPLIT_NAMES).optional(),
    lines: count,
    bytes: count,
    sha256: z.string(),
  })
  .readonly();

/** What somebody asks of a version: with the offsets of the ledger it decides every row. */
export const versionRequestSchema = z
  .object({
    lane: laneNameSchema,
    filter: exampleFilterSchema,
    /** Only what came at these offsets or after them, and the words that said so. With a time, that time too. */
    since: z
      .object({ text: z.string(), offsets: ledgerOffsetsSchema, atMs: count.optional() })
      .readonly()
      .optional(),
    split: splitSchema.optional(),
    format: z.string(),
    fileType: z.enum(['jsonl', 'parquet']),
  })
  .readonly();
export type VersionRequest = z.output<typeof versionRequestSchema>;

/** A version of a dataset: all that it takes to make the same files again, and to see that they are the same. */
export const manifestSchema = z
  .object({
    v: z.literal(1),
    name: versionNameSchema,
    createdAt: z.iso.datetime(),
    /** What made it, such as `millrace 0.1.0`. */
    tool: z.string(),
    ledger: z.object({ topic: z.string(), offsets: ledgerOffsetsSchema }).readonly(),
    /** Its request, under the name by which it is stored. */
    wish: versionRequestSchema,
    files: z.array(fileSchema).readonly(),
    examples: count,
    lines: count,
    simulated: count,
    /** Lines that were left out, by reason. */
    leftOut: z.record(z.string(), count),
    /** Approvals that were taken back up to these offsets. */
    retracted: count,
    trainingTypes: z.record(z.string(), count),
    /** The works behind the examples. */
    recipes: z
      .array(z.object({ stage: z.string(), model: z.string(), recipe: z.string(), works: count }).readonly())
      .readonly(),
    usage: usageSchema,
    costUsd: z.number(),
    /** Works whose price is not known. */
    unpriced: count,
  })
  .readonly();
export type Manifest = z.output<typeof manifestSchema>;

/** The versions of the dataset, by their names. They never change. */
export interface VersionRepository {
  get(name: string): Promise<Manifest | undefined>;
  /** Keeps the manifest unless one of its name stands, and answers what stands. */
  add(manifest: Manifest): Promise<Manifest>;
  /** Oldest first. */
  list(): Promise<readonly Manifest[]>;
}
