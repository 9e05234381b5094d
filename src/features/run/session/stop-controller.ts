import { setMaxListeners } from 'node:events';
import type { StopSignals } from '../../../streams/stop.ts';

/** Stops a session: gently by `drain`, at once by `abort`. Both may be called often. */
export class StopController {
  readonly #draining = new AbortController();
  readonly #aborted = new AbortController();
  readonly signals: StopSignals = { draining: this.#draining.signal, aborted: this.#aborted.signal };

  constructor() {
    // Every wait listens: hundreds of listeners are meant.
    setMaxListeners(0, this.#draining.signal, this.#aborted.signal);
  }

  /** Resolves once it drains. */
  untilDraining(): Promise<void> {
    const { draining } = this.signals;
    if (draining.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      draining.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  drain(): void {
    this.#draining.abort();
  }

  abort(): void {
    this.#draining.abort();
    this.#aborted.abort();
  }
}
