import { z } from 'zod';
import { usageSchema } from '../../stages/example.ts';
import { Failure } from '../../streams/failure.ts';
import type { Attempt, Token } from '../../streams/work.ts';

export const attemptSchema: z.ZodType<Attempt> = z.object({
  number: z.number(),
  startedAt: z.string(),
  durationMs: z.number(),
  outcome: z.enum(['ok', 'transient', 'outage', 'content', 'poison', 'fatal']),
  code: z.string(),
  message: z.string(),
  model: z.string(),
  finishReason: z.string(),
  usage: usageSchema,
  costUsd: z.number().nullable(),
  reply: z.string(),
});

/** A column that holds JSON of a known shape; `null` where the column may be empty. */
export function jsonColumn<T>(schema: z.ZodType<T>): z.ZodType<T, string> {
  return z.string().transform((text, context): T => {
    const parsed = schema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    context.issues.push({ code: 'custom', message: z.prettifyError(parsed.error), input: text });
    return z.NEVER;
  });
}

const NO_USAGE = { input: 0, output: 0, cached: 0, reasoning: 0 };

const workRowSchema = z
  .object({
    id: z.string(),
    lane: z.string(),
    revision: z.number(),
    state: z.enum(['claimed', 'done', 'dead']),
    token: z.string().transform((token) => token as Token),
    renewal: z.number(),
    drive: z.number(),
    attempts: jsonColumn(z.array(attemptSchema)),
    result: jsonColumn(z.unknown()).nullable(),
    model: z.string(),
    recipe: z.string(),
    usage: jsonColumn(usageSchema).nullable(),
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
  return readRow(workRowSchema, row);
}

export function readRow<T>(schema: z.ZodType<T>, row: unknown): T {
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  throw new Failure(
    'fatal',
    'unreadable_row',
    `A stored row is not what was written: ${z.prettifyError(parsed.error)}`,
  );
}
