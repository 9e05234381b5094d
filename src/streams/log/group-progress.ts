import { defer, filter, firstValueFrom, merge, repeat, share, tap } from 'rxjs';
import type { Failure } from '../failure.ts';
import { delayUnless, failWhen } from '../stop.ts';
import { type Persist, persistThrough } from '../work/persist.ts';
import type { Log, LogRecord, Offset } from './log.ts';

export type GroupProgressOptions = Readonly<{
  /** Whom we follow, and where. */
  group: string;
  topic: string;
  /** Once aborted, every wait ends with `stopping()`. */
  stop: AbortSignal;
  /** Between two readings, while somebody waits. Default 500. */
  lookMs?: number;
  /** Hears of each reading that failed and is made again. */
  onWait(failure: Failure): void;
}>;

const LOOK_MS = 500;

type Committed = ReadonlyMap<number, Offset>;

/**
 * How far another consumer group has come in a topic, for a consumer that follows it. One reading serves all who wait, and
 * none is made while nobody does. An outage of the log is waited out for as long as it may last.
 */
export class GroupProgress {
  readonly #log: Pick<Log, 'committedOffsets'>;
  readonly #options: GroupProgressOptions;
  readonly #persist: Persist;
  #known: Committed = new Map();
  #readAtMs = Number.NEGATIVE_INFINITY;

  constructor(log: Pick<Log, 'committedOffsets'>, options: GroupProgressOptions) {
    this.#log = log;
    this.#options = options;
    const { stop, onWait } = options;
    this.#persist = persistThrough({ draining: stop, aborted: stop }, onWait);
  }

  readonly #readings = defer(() => this.#next()).pipe(
    tap((committed) => {
      this.#known = committed;
    }),
    repeat(),
    share(),
  );

  /** Resolves when the group has committed past the record. Rejects with `stopping()`, or with a Failure that no waiting ends. */
  async passed({ partition, offset }: Pick<LogRecord, 'partition' | 'offset'>): Promise<void> {
    const isPast = (committed: Committed) => (committed.get(partition) ?? 0n) > offset;
    if (isPast(this.#known)) return;
    await firstValueFrom(merge(this.#readings, failWhen(this.#options.stop)).pipe(filter(isPast)));
  }

  /** Readings come no closer together than `lookMs`, however often waiting ends and begins again. */
  #next(): Promise<Committed> {
    const { stop, lookMs = LOOK_MS } = this.#options;
    return this.#persist(async () => {
      await firstValueFrom(delayUnless(stop, this.#readAtMs + lookMs - performance.now()));
      this.#readAtMs = performance.now();
      return this.#log.committedOffsets(this.#options.group, this.#options.topic);
    });
  }
}
