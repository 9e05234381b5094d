import { stopping } from './stop.ts';

/**
 * A counting semaphore, first come first served. A stage's batch size is the number of its permits, and only a call in
 * flight holds one.
 */
export class Permits {
  readonly #size: number;
  #held = 0;
  /** Insertion order is the order of arrival. */
  readonly #waiting = new Set<() => void>();

  constructor(size: number) {
    this.#size = size;
  }

  get held(): number {
    return this.#held;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Resolves once a permit is ours; rejects with `stopping()` when the signal is aborted first. */
  acquire(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(stopping());
    if (this.#held < this.#size) {
      this.#held += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const give = () => {
        signal.removeEventListener('abort', cancel);
        resolve();
      };
      const cancel = () => {
        this.#waiting.delete(give);
        reject(stopping());
      };
      signal.addEventListener('abort', cancel, { once: true });
      this.#waiting.add(give);
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
    next();
  }
}
