import { z } from 'zod';
import { embeddingScript } from './scripted-embeddings-script.ts';

/** Every way the scripted server can spoil a call. `fenced` and `slow` still bring a whole answer. */
export const FAULTS = [
  'malformed',
  'fenced',
  'schema-mismatch',
  'truncated',
  'refused',
  '429',
  '429-quota',
  '500',
  '503',
  '401',
  '404',
  '400',
  'hang',
  'cut',
  'slow',
] as const;
export type Fault = (typeof FAULTS)[number];

const fault = z.enum(FAULTS);
const share = z.number().min(0).max(1);
const ms = z.number().nonnegative();

export const scriptSchema = z.strictObject({
  /** Mean latency in ms by schema name (`research`, `candidate`, `review`); one number is for all. */
  latencyMs: z.union([ms, z.record(z.string(), ms)]).default(0),
  /** Spread of log-normal latencies; 0 makes every call take the mean. */
  sigma: z.number().nonnegative().default(0),
  seed: z.number().int().default(1),
  /** Share of calls per fault, drawn anew for each call. */
  fractions: z.partialRecord(fault, share).default({}),
  /**
   * What a call's faults are drawn by, beside the seed and the number of the attempt: the work with its messages, or the
   * schema and the question alone, which are the same whoever asks.
   */
  drawBy: z.enum(['work', 'question']).default('work'),
  /** Faults in order for the first calls that match, of all works together or of each work on its own; then none. */
  sequences: z
    .array(
      z.strictObject({
        schema: z.string().optional(),
        /** A part of the question's text. */
        question: z.string().optional(),
        each: z.enum(['call', 'work']).default('call'),
        faults: z.array(z.union([fault, z.literal('ok')])),
      }),
    )
    .default([]),
  /** The value of `Retry-After` on a 429. */
  retryAfter: z.string().optional(),
  /** What `slow` adds to the latency, in ms. */
  slowMs: ms.default(5_000),
  /** Response formats the server knows; others get a 400. `plain` stands for none, and `strict` for strict schemas. */
  supports: z
    .array(z.enum(['strict', 'json_schema', 'json_object', 'plain']))
    .default(['strict', 'json_schema', 'json_object', 'plain']),
  /** The first `revisions` reviews of a question score low, for a share of the questions. */
  reject: z.strictObject({ revisions: z.number().default(1), fraction: share.default(1) }).optional(),
  /** Refuses what comes above so many requests in any window; says with each answer what is left, or nothing at all. */
  rateLimit: z
    .strictObject({
      requests: z.number().int().positive(),
      windowMs: ms.default(60_000),
      headers: z.boolean().default(true),
    })
    .optional(),
  /** A file of prose that answers are cut out of; without it their texts are invented and short. */
  prose: z.string().optional(),
  /** How `/embeddings` answers. */
  embeddings: embeddingScript.prefault({}),
  /** A key that calls must carry, or else get a 401. */
  apiKey: z.string().optional(),
});

/** What a test writes, with everything optional. */
export type ScriptInput = z.input<typeof scriptSchema>;
export type Script = z.output<typeof scriptSchema>;
