import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { LedgerScratch } from '../../infra/export/ledger-scratch.ts';
import { type Example, exampleSchema } from '../../stages/example.ts';
import { type LedgerRecord, ledgerRecordSchema } from '../../stages/ledger.ts';
import type { Log, LogRecord, Offset } from '../../streams/log.ts';
import { readRange } from '../../streams/read-range.ts';
import type { LaneName } from '../../streams/work.ts';

/** So many examples are read in one go. */
const BREATH = 64;

type Offsets = ReadonlyMap<number, Offset>;

export type LedgerRange = Readonly<{
  topic: string;
  lane: LaneName;
  /** Per partition, the offset to stop before. */
  until: Offsets;
  /** Only examples whose record lies at these offsets or after them; all, where a partition is not named. */
  since?: Offsets | undefined;
  /** Ends the reading, and what reads the examples, with the signal's reason. */
  stop?: AbortSignal | undefined;
}>;

/** What counts of a part of the ledger. To be closed. */
export type Ledger = Readonly<{
  /** In the order of the questions' ids. */
  examples(): AsyncGenerator<Example>;
  /** Approvals that were taken back. */
  retracted: number;
  /** Records that are none of ours. */
  unreadable: number;
  close(): void;
}>;

/**
 * Reads the ledger up to the given offsets: of each question the highest revision, unless that was taken back. The same
 * offsets give the same examples in the same order, whatever came later, as long as the log keeps its records and nothing
 * is forgotten. Memory does not grow with the ledger.
 */
export async function readLedger(
  log: Log,
  { topic, lane, until, since, stop }: LedgerRange,
): Promise<Ledger> {
  const scratch = new LedgerScratch();
  let unreadable = 0;
  try {
    const from = await log.beginningOffsets(topic);
    const group = `${topic}.export-${randomUUID()}`;
    await readRange(log, { topic, group, from, until }, async (record) => {
      stop?.throwIfAborted();
      if (!put(scratch, lane, record)) unreadable += 1;
    });
  } catch (error) {
    scratch.close();
    throw error;
  }
  async function* examples(): AsyncGenerator<Example> {
    let read = 0;
    for (const { text, partition, offset } of scratch.rows()) {
      read += 1;
      // Nothing here waits for anything: without a pause a server would answer nobody else until the end.
      if (read % BREATH === 0) await setImmediate();
      stop?.throwIfAborted();
      if (offset >= (since?.get(partition) ?? 0n)) yield exampleSchema.parse(JSON.parse(text));
    }
  }
  return { examples, retracted: scratch.retracted, unreadable, close: () => scratch.close() };
}

/** Whether the record is one of ours. */
function put(scratch: LedgerScratch, lane: LaneName, record: LogRecord): boolean {
  if (record.value === null) {
    if (record.key !== null) scratch.drop(record.key);
    return true;
  }
  const text = typeof record.value === 'string' ? record.value : Buffer.from(record.value).toString('utf8');
  const read = parsed(text);
  if (read?.lane === lane) scratch.put(read, text, record);
  return read !== undefined;
}

function parsed(text: string): LedgerRecord | undefined {
  try {
    return ledgerRecordSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
