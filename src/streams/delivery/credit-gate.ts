import type { Consumer } from '../log/log.ts';

/** What a partition has out: delivered and unsettled records, and the distance from watermark to highest offset. */
export type Load = Readonly<{ unsettled: number; gap: number }>;

const IDLE: Load = { unsettled: 0, gap: 0 };

/**
 * Back-pressure by credit. A partition that has its share out is paused, and resumed at half of it; all together never
 * hold more than `credits`. With several partitions each may hold up to twice an equal share, so that a busy one is
 * not slowed by idle ones and none can take everything. `maxGap` bounds what a crash would deliver again.
 */
export class CreditGate {
  readonly #credits: number;
  readonly #maxGap: number;
  readonly #consumer: Pick<Consumer, 'pause' | 'resume'>;
  readonly #loads = new Map<number, Load>();
  readonly #paused = new Set<number>();
  #total = 0;
  #shut = false;
  #held = false;

  constructor(credits: number, maxGap: number, consumer: Pick<Consumer, 'pause' | 'resume'>) {
    this.#credits = credits;
    this.#maxGap = maxGap;
    this.#consumer = consumer;
  }

  /** A new epoch: forgets the old counts and asserts the wanted pause state of every partition again. */
  onAssigned(loads: ReadonlyMap<number, Load>): void {
    this.#loads.clear();
    this.#paused.clear();
    this.#total = 0;
    for (const [partition, load] of loads) this.onLoad(partition, load);
    for (const partition of loads.keys()) {
      if (this.admits(partition)) this.#consumer.resume(partition);
    }
  }

  /** Whether one more record of the partition may be taken; pauses the partition if not. */
  admits(partition: number): boolean {
    const load = this.#loads.get(partition) ?? IDLE;
    const full = this.#total >= this.#credits || load.unsettled >= this.#share() || load.gap >= this.#maxGap;
    if (!this.#shut && !this.#held && !full) return true;
    if (!this.#paused.has(partition)) {
      this.#paused.add(partition);
      this.#consumer.pause(partition);
    }
    return false;
  }

  /** Takes note of a delivery or a settlement. */
  onLoad(partition: number, load: Load): void {
    this.#total += load.unsettled - (this.#loads.get(partition) ?? IDLE).unsettled;
    this.#loads.set(partition, { unsettled: load.unsettled, gap: load.gap });
  }

  /** A partition that is ours no longer: what it has out uses up no credits. */
  forget(partition: number): void {
    this.onLoad(partition, IDLE);
    this.#loads.delete(partition);
    this.#paused.delete(partition);
    this.resumeLow();
  }

  /** Resumes what may go on, after settlements. */
  resumeLow(): void {
    if (this.#shut || this.#held || this.#paused.size === 0 || this.#total > this.#credits / 2) return;
    for (const partition of this.#paused) {
      const load = this.#loads.get(partition) ?? IDLE;
      if (load.unsettled > this.#share() / 2 || load.gap >= this.#maxGap) continue;
      this.#paused.delete(partition);
      this.#consumer.resume(partition);
    }
  }

  /** Takes nothing more until it is released. */
  hold(held: boolean): void {
    if (held === this.#held) return;
    this.#held = held;
    if (held) for (const partition of this.#loads.keys()) this.admits(partition);
    else this.resumeLow();
  }

  /** Takes nothing more, for good. */
  shut(): void {
    this.#shut = true;
    for (const partition of this.#loads.keys()) this.admits(partition);
  }

  #share(): number {
    const partitions = Math.max(1, this.#loads.size);
    return Math.min(this.#credits, Math.ceil((2 * this.#credits) / partitions));
  }
}
