import { z } from 'zod';
import { type Example, exampleSchema } from './example.ts';

/** An approval was taken back: no example of the question up to this revision counts any more. */
export const retractionSchema = z.object({
  v: z.literal(1),
  retracted: z.literal(true),
  lane: z.string(),
  questionId: z.string(),
  revision: z.number().int().nonnegative(),
});

/** A record of the ledger. Readers take the highest revision of a question; of equal ones a retraction counts. */
export const ledgerRecordSchema = z.union([retractionSchema, exampleSchema]);
export type LedgerRecord = z.output<typeof ledgerRecordSchema>;

export function isRetraction(record: LedgerRecord): record is z.output<typeof retractionSchema> {
  return 'retracted' in record;
}

/** The example that a record holds, or `undefined` for a retraction. */
export function exampleIn(record: LedgerRecord): Example | undefined {
  return isRetraction(record) ? undefined : record;
}
