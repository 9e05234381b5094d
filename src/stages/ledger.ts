import { type Example, exampleSchema } from './example.ts';

/**
 * A record of the ledger: an approved example, or one that a person took back. Readers take the highest revision of a
 * question; of equal ones a retraction counts.
 */
export const ledgerRecordSchema = exampleSchema;
export type LedgerRecord = Example;

export function isRetraction({ retracted }: LedgerRecord): boolean {
  return retracted === true;
}
