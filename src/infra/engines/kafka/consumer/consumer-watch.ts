import { type Looking, lookEvery } from '../../../../streams/look-every.ts';
import { type Sighting, type Stall, StallWatch } from './stall-watch.ts';

/** Longer than a rebalance may take (60 s), in which nothing is fetched either. */
const STALL_MS = 90_000;
const LOOKS_PER_STALL = 10;

export type ConsumerWatchOptions = Readonly<{
  stallMs?: number | undefined;
  positions(): Sighting['positions'];
  /** Rejects while no broker answers. */
  brokers(): Promise<NonNullable<Sighting['brokers']>>;
  onStall(stall: Stall): void;
}>;

/** Looks at a consumer every few seconds, at the price of two small requests. */
export class ConsumerWatch {
  readonly #options: ConsumerWatchOptions;
  readonly #watch: StallWatch;
  readonly #lookMs: number;
  #looking: Looking | undefined;
  #fetches = 0;

  constructor(options: ConsumerWatchOptions) {
    const stallMs = options.stallMs ?? STALL_MS;
    this.#options = options;
    this.#watch = new StallWatch(stallMs);
    this.#lookMs = stallMs / LOOKS_PER_STALL;
  }

  start(): void {
    this.#watch.reset();
    this.#looking = lookEvery(this.#lookMs, () => this.#look());
  }

  stop(): void {
    void this.#looking?.stop();
    this.#looking = undefined;
  }

  onFetched(): void {
    this.#fetches += 1;
  }

  async #look(): Promise<void> {
    const asked = this.#looking;
    const positions = this.#options.positions();
    const brokers = await this.#options.brokers().catch(() => undefined);
    if (this.#looking !== asked) return;
    const stall = this.#watch.look({ fetches: this.#fetches, positions, brokers }, performance.now());
    if (stall === undefined) return;
    this.stop();
    this.#options.onStall(stall);
  }
}
