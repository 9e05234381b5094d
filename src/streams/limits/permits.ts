import { stopping } from '../stop.ts';

/**
 * A counting semaphore, first come first served. A stage's batch size is the number of its permits, and only a call in
 * flight holds one.
 */
export class Permits {
  readonly #size: number;
  readonly #stop: AbortSignal;
  #held = 0;
  /** Insertion order is the order of arrival. */
  readonly #waiting = new Set<Readonly<{ give(): void; refuse(): void }>>();

  /** @param stop once aborted, every wait ends with `stopping()`. */
  constructor(size: number, stop: AbortSignal) {
    this.#size = size;
    this.#stop = stop;
    stop.addEventListener('abort', () => this.#refuseAll(), { once: true });
  }

  get held(): number {
    return this.#held;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Resolves once a permit is ours; rejects with `stopping()` when the process stops first. */
  acquire(): Promise<void> {
    if (this.#stop.aborted) return Promise.reject(stopping());
    if (this.#held < this.#size) {
      this.#held += 1;
      return Promise.resolve();
    }
    return new Promise((give, reject) => {
      this.#waiting.add({ give, refuse: () => reject(stopping()) });
    });
  }

  /** Gives a permit back, straight to the one who waits longest. */
  release(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#held -= 1;
      return;
    }
    this.#waiting.delete(next);
    next.give();
  }

  #refuseAll(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const { refuse } of waiting) refuse();
  }
}
