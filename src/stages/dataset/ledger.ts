import type { LogRecord, Offset, OutgoingRecord } from '../../streams/log/log.ts';
import { type Example, exampleSchema } from '../example.ts';

/**
 * A record of the ledger: an approved example, or one that a person took back. Readers take the highest revision of a
 * question; of equal ones a retraction counts.
 */
export const ledgerRecordSchema = exampleSchema;
export type LedgerRecord = Example;

export function isRetraction({ retracted }: LedgerRecord): boolean {
  return retracted === true;
}

/** Where a record stood when it was first appended, and when that was. */
export type LedgerPlace = Readonly<{ partition: number; offset: Offset; timestampMs: number }>;

/** On a record that was written again: `partition/offset/timestampMs` of its first writing. */
const MOVED_HEADER = 'millrace-moved';
const MOVED = /^(\d{1,9})\/(\d{1,19})\/(\d{1,15})$/;

/** The place that counts for versions and for `since`: a record that was written again keeps that of its first writing. */
export function ledgerPlaceOf(record: LogRecord): LedgerPlace & Readonly<{ moved: boolean }> {
  const [, partition, offset = '', timestampMs] = MOVED.exec(record.headers[MOVED_HEADER] ?? '') ?? [];
  if (offset === '') {
    const { partition: own, offset: at, timestampMs: since } = record;
    return { partition: own, offset: at, timestampMs: since, moved: false };
  }
  const first = { partition: Number(partition), offset: BigInt(offset), timestampMs: Number(timestampMs) };
  return { ...first, moved: true };
}

/** The same record to be appended once more, with the place of its first writing; `undefined` for one that nobody can read. */
export function movedRecord(record: LogRecord): OutgoingRecord | undefined {
  const { key, value, headers } = record;
  if (key === null || value === null) return undefined;
  const { partition, offset, timestampMs } = ledgerPlaceOf(record);
  return { key, value, headers: { ...headers, [MOVED_HEADER]: `${partition}/${offset}/${timestampMs}` } };
}
