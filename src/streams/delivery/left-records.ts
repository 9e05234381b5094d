import type { LogRecord } from '../log/log.ts';

/** A record that is left as it is, and why. */
export type Left = Readonly<{ record: LogRecord; why: string }>;

/**
 * The records of a stage that this version cannot read and a newer one can. They stay unsettled: nothing behind them is
 * committed, and they use up credits, so that their number is bounded. One whose partition is ours no longer is another's.
 */
export class LeftRecords {
  readonly #left = new Map<string, Left>();
  readonly #isOurs: (record: LogRecord) => boolean;

  constructor(isOurs: (record: LogRecord) => boolean) {
    this.#isOurs = isOurs;
  }

  add(left: Left): void {
    const { topic, partition, offset } = left.record;
    const { key, headers, timestampMs } = left.record;
    // Without the value: it may be large, and is read again by whoever can.
    const record = { topic, partition, offset, key, headers, timestampMs, value: null };
    this.#left.set(`${topic}:${partition}:${offset}`, { ...left, record });
  }

  /** Those that are ours still, in the order in which they came. */
  get all(): readonly Left[] {
    for (const [place, { record }] of this.#left) if (!this.#isOurs(record)) this.#left.delete(place);
    return [...this.#left.values()];
  }
}
