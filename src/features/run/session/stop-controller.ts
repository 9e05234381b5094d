import { setMaxListeners } from 'node:events';
import { onAbort, type StopSignals } from '../../../streams/stop.ts';

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
    return new Promise((resolve) => onAbort(this.signals.draining, resolve));
  }

  drain(): void {
    this.#draining.abort();
  }

  abort(): void {
    this.#draining.abort();
    this.#aborted.abort();
  }
}
