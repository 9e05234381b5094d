import type { LogRecord } from '../log/log.ts';

/** A record that is left as it is, and why: the code and the message of its failure. */
export type Left = Readonly<{ record: LogRecord; code: string; why: string }>;

/**
 * The records of a stage that this process cannot work and another can: one of a newer version, or one that has a part which is
 * missing here. They stay unsettled: nothing behind them is
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
