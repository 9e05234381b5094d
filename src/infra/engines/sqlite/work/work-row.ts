import { z } from 'zod';
import { usageSchema } from '../../../../stages/example.ts';
import { branded, jsonText, readStored } from '../../../../stages/store/table/read-stored.ts';
import { attemptSchema } from '../../../../stages/store/table/schemas.ts';
import { NO_USAGE } from '../../../../streams/failure.ts';
import type { Attempt, Token } from '../../../../streams/work/work.ts';
import { packedJson } from '../../stored/packed-json.ts';
import { packing } from '../../stored/packed-text.ts';

const attemptsSchema = z.array(attemptSchema);

const workRowSchema = z
  .object({
    id: z.string(),
    lane: z.string(),
    revision: z.number(),
    state: z.enum(['claimed', 'done', 'dead']),
    token: branded<Token>(),
    renewal: z.number(),
    drive: z.number(),
    attempts: jsonText(attemptsSchema),
    result: jsonText(z.unknown()).nullable(),
    packed: packedJson(z.object({ attempts: attemptsSchema, result: z.unknown() })).nullable(),
    model: z.string(),
    recipe: z.string(),
    usage: jsonText(usageSchema).nullable(),
    cost_usd: z.number().nullable(),
    published: z.number(),
    updated_ms: z.number(),
  })
  .transform(({ attempts, result, packed, cost_usd, published, usage, updated_ms, ...row }) => ({
    ...row,
    attempts: packed?.attempts ?? attempts,
    result: packed === null ? result : packed.result,
    usage: usage ?? NO_USAGE,
    costUsd: cost_usd,
    published: published === 1,
    updatedAt: new Date(updated_ms).toISOString(),
  }));

/** A result and the attempts at it, together: the reply that it was made of says it once more, which costs nothing packed. */
export function answerColumns(answer: Readonly<{ attempts: readonly Attempt[]; result: unknown }>) {
  const { packed } = packing(JSON.stringify(answer));
  if (packed !== null) return { attempts: '[]', result: null, packed };
  return { attempts: JSON.stringify(answer.attempts), result: JSON.stringify(answer.result), packed };
}

export type WorkRow = z.output<typeof workRowSchema>;

/** A row of a work table, checked. Throws a Failure of kind `fatal` if the file does not hold what we wrote. */
export function readWork(row: unknown): WorkRow {
  return readStored(workRowSchema, row);
}
