import { lastValueFrom, mergeMap, takeWhile } from 'rxjs';
import { DeliverySource } from '../delivery/delivery-source.ts';
import type { Log, LogRecord, Offset } from './log.ts';

export type Range = Readonly<{
  topic: string;
  /** For this one reading: no other member may be in it, and it is gone afterwards. */
  group: string;
  /** Per partition, the first offset to read. */
  from: ReadonlyMap<number, Offset>;
  /** Per partition, the offset to stop before. A partition that is not named is not read. */
  until: ReadonlyMap<number, Offset>;
}>;

/** Records that are visited at once. */
const AT_ONCE = 64;

/**
 * Visits every record of a range, some at once, and leaves nothing behind. Memory does not grow with the range. Rejects
 * with what `visit` threw, or with the Failure of its consumer.
 */
export async function readRange(
  log: Log,
  { topic, group, from, until }: Range,
  visit: (record: LogRecord) => Promise<void>,
): Promise<void> {
  const left = new Map([...until].filter(([partition, end]) => end > (from.get(partition) ?? 0n)));
  if (left.size === 0) return;
  const next = new Map(from);
  // After a rebalance a consumer reads again from what was committed: each record is visited once all the same.
  const isToVisit = ({ partition, offset }: LogRecord) => {
    if (offset < (next.get(partition) ?? 0n) || offset >= (until.get(partition) ?? 0n)) return false;
    next.set(partition, offset + 1n);
    return true;
  };
  const goesOn = ({ partition, offset }: LogRecord) => {
    if (offset + 1n >= (left.get(partition) ?? 0n)) left.delete(partition);
    return left.size > 0;
  };
  try {
    await log.setOffsets(group, topic, from);
    const source = new DeliverySource(log, { topic, group, credits: AT_ONCE });
    const visits = source.deliveries.pipe(
      takeWhile(({ record }) => goesOn(record), true),
      mergeMap(async ({ record, settle }) => {
        if (isToVisit(record)) await visit(record);
        settle();
      }),
    );
    await lastValueFrom(visits, { defaultValue: undefined }).finally(() => source.close());
  } finally {
    await log.deleteGroup(group).catch(() => undefined);
  }
}
