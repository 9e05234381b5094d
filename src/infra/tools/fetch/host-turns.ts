import { setTimeout as pause } from 'node:timers/promises';
import { orAborted } from '../../../streams/stop.ts';

const APART_MS = 1_000;

/** Lets one request at a time to each host, and a second after the one before. */
export class HostTurns {
  readonly #apartMs: number;
  readonly #last = new Map<string, Promise<void>>();

  constructor(apartMs = APART_MS) {
    this.#apartMs = apartMs;
  }

  /** Rejects as `ask` does, or with the reason of the signal while it waits. */
  async take<T>(host: string, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
    const before = this.#last.get(host);
    const done = Promise.withResolvers<void>();
    this.#last.set(host, done.promise);
    try {
      if (before !== undefined) await orAborted(before, signal, () => signal.reason);
      return await ask();
    } finally {
      void this.#end(host, before, done);
    }
  }

  async #end(
    host: string,
    before: Promise<void> | undefined,
    { promise, resolve }: PromiseWithResolvers<void>,
  ): Promise<void> {
    // Whoever gave up waiting lets nobody past the one before.
    await before;
    await pause(this.#apartMs, undefined, { ref: false });
    resolve();
    if (this.#last.get(host) === promise) this.#last.delete(host);
  }
}
