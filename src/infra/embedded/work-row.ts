import { z } from 'zod';
import { usageSchema } from '../../stages/example.ts';
import type { Token } from '../../streams/work.ts';
import { branded, jsonText, readStored } from '../stored/read-stored.ts';
import { attemptSchema } from '../stored/schemas.ts';

const NO_USAGE = { input: 0, output: 0, cached: 0, reasoning: 0 };

const workRowSchema = z
  .object({
    id: z.string(),
    lane: z.string(),
    revision: z.number(),
    state: z.enum(['claimed', 'done', 'dead']),
    token: branded<Token>(),
    renewal: z.number(),
    drive: z.number(),
    attempts: jsonText(z.array(attemptSchema)),
    result: jsonText(z.unknown()).nullable(),
    model: z.string(),
    recipe: z.string(),
    usage: jsonText(usageSchema).nullable(),
    cost_usd: z.number().nullable(),
    published: z.number(),
    updated_ms: z.number(),
  })
  .transform(({ cost_usd, published, usage, updated_ms, ...row }) => ({
    ...row,
    usage: usage ?? NO_USAGE,
    costUsd: cost_usd,
    published: published === 1,
    updatedAt: new Date(updated_ms).toISOString(),
  }));

export type WorkRow = z.output<typeof workRowSchema>;

/** A row of a work table, checked. Throws a Failure of kind `fatal` if the file does not hold what we wrote. */
export function readWork(row: unknown): WorkRow {
  return readStored(workRowSchema, row);
}
