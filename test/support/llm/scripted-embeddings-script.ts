import { z } from 'zod';

/** Ways in which a reply with vectors is spoilt. */
const EMBEDDING_FAULTS = [
  'count',
  'nan',
  'infinity',
  'lengths',
  'twice',
  'words',
  '429',
  '500',
  '401',
  '404',
] as const;

export const embeddingScript = z.strictObject({
  dimensions: z.number().int().positive().default(16),
  /** In order for the first requests; then none. */
  faults: z.array(z.union([z.enum(EMBEDDING_FAULTS), z.literal('ok')])).default([]),
  /** A longer text is refused, and the batch with it. */
  mostCharacters: z.number().int().positive().optional(),
  /** Words that mean the same. */
  same: z.array(z.array(z.string())).default([]),
});
export type EmbeddingScript = z.output<typeof embeddingScript>;
