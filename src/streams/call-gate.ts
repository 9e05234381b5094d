import type { Circuit } from './circuit.ts';
import type { Failure } from './failure.ts';
import type { Permits } from './permits.ts';
import { isStopping } from './stop.ts';

/** Leave to make one call, to be given back with what came of it. */
export type Pass = Readonly<{ leave(failure: Failure | undefined): void }>;

/**
 * What stands between a stage and its model: the stage's permits and the endpoint's circuit. Waiting here costs nothing
 * and counts nowhere.
 */
export class CallGate {
  readonly #permits: Permits;
  readonly #circuit: Circuit;

  constructor(permits: Permits, circuit: Circuit) {
    this.#permits = permits;
    this.#circuit = circuit;
  }

  get circuitClosed(): boolean {
    return this.#circuit.state.kind === 'closed';
  }

  /** Resolves when the call may start; rejects with `stopping()` when the signal is aborted first. */
  async enter(signal: AbortSignal): Promise<Pass> {
    for (;;) {
      if (!this.circuitClosed) await this.#circuit.passable(signal);
      await this.#permits.acquire();
      if (this.#circuit.start()) return { leave: (failure) => this.#leave(failure) };
      this.#permits.release();
    }
  }

  #leave(failure: Failure | undefined): void {
    this.#permits.release();
    if (failure === undefined) this.#circuit.onAnswered();
    else if (isStopping(failure)) this.#circuit.onCancelled();
    else if (failure.kind === 'outage' || failure.facts.outageSignal === true)
      this.#circuit.onOutage(failure);
    else this.#circuit.onAnswered();
  }
}
