import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { LedgerScratch } from '../../infra/export/ledger-scratch.ts';
import { ledgerPlaceOf, ledgerRecordSchema } from '../../stages/dataset/ledger.ts';
import { type Example, exampleSchema } from '../../stages/example.ts';
import { parseJson } from '../../stages/text/json.ts';
import type { Log, LogRecord, Offset } from '../../streams/log/log.ts';
import { readRange } from '../../streams/log/read-range.ts';
import type { LaneName } from '../../streams/work/work.ts';

/** So many examples are read in one go. */
const BREATH = 64;

type Offsets = ReadonlyMap<number, Offset>;

/** From where on records are asked for. Where none is named, all are. */
type LedgerSince = Readonly<{
  /** Per partition, the first offset. */
  offsets: Offsets;
  /** The time that the offsets stand for: records that were written again since are found by it. */
  atMs?: number | undefined;
}>;

export type LedgerRange = Readonly<{
  topic: string;
  lane: LaneName;
  /** Per partition, the offset to stop before. */
  until: Offsets;
  since?: LedgerSince | undefined;
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
 * is forgotten: a record that was written again counts where it stood first. Memory does not grow with the ledger.
 */
export async function readLedger(log: Log, range: LedgerRange): Promise<Ledger> {
  for (;;) {
    const from = await log.beginningOffsets(range.topic);
    const read = await readFrom(log, range, from);
    // What was cut meanwhile had been written again, perhaps behind the end that was read to.
    if (isDeepStrictEqual(await log.beginningOffsets(range.topic), from)) return read;
    read.close();
  }
}

async function readFrom(log: Log, range: LedgerRange, from: Offsets): Promise<Ledger> {
  const { topic, stop } = range;
  const scratch = new LedgerScratch();
  let unreadable = 0;
  try {
    const isCut = [...from.values()].some((begin) => begin > 0n);
    const until = isCut ? await log.endOffsets(topic) : range.until;
    const group = `${topic}.export-${randomUUID()}`;
    await readRange(log, { topic, group, from, until }, async (record) => {
      stop?.throwIfAborted();
      if (!put(scratch, range, record)) unreadable += 1;
    });
  } catch (error) {
    scratch.close();
    throw error;
  }
  async function* examples(): AsyncGenerator<Example> {
    let read = 0;
    for (const { text, recent } of scratch.rows()) {
      read += 1;
      // Nothing here waits for anything: without a pause a server would answer nobody else until the end.
      if (read % BREATH === 0) await setImmediate();
      stop?.throwIfAborted();
      if (recent) yield exampleSchema.parse(JSON.parse(text));
    }
  }
  return { examples, retracted: scratch.retracted, unreadable, close: () => scratch.close() };
}

/** Whether the record is one of ours. */
function put(scratch: LedgerScratch, { lane, until, since }: LedgerRange, record: LogRecord): boolean {
  const place = ledgerPlaceOf(record);
  if (place.offset >= (until.get(place.partition) ?? 0n)) return true;
  if (record.unreadable !== undefined) return false;
  if (record.value === null) {
    if (record.key !== null) scratch.drop(record.key);
    return true;
  }
  const text = typeof record.value === 'string' ? record.value : Buffer.from(record.value).toString('utf8');
  const read = ledgerRecordSchema.safeParse(parseJson(text)).data;
  if (read?.lane === lane) scratch.put(read, text, { offset: place.offset, recent: isSince(place, since) });
  return read !== undefined;
}

function isSince(place: ReturnType<typeof ledgerPlaceOf>, since: LedgerSince | undefined): boolean {
  if (since === undefined) return true;
  if (place.moved && since.atMs !== undefined) return place.timestampMs >= since.atMs;
  return place.offset >= (since.offsets.get(place.partition) ?? 0n);
}
