import type { Failure } from '../../failure.ts';
import { isStopping } from '../../stop.ts';
import type { Circuit } from './circuit.ts';
import { FailureRuns } from './failure-runs.ts';
import { KeyTrouble } from './key-trouble.ts';
import { OwnTrouble } from './own-trouble.ts';

/** A model is loaded within minutes: what is refused for longer is more likely this one prompt's trouble. */
const LOADING_MS = 600_000;

/** What the ends of calls tell of their server: which failures are a prompt's own, and what the circuit hears. */
export class ServerTrouble {
  readonly #circuit: Circuit;
  readonly #own = new OwnTrouble();
  readonly #keys = new KeyTrouble();
  readonly #runs = new FailureRuns();
  #unreadySinceMs: number | undefined;

  constructor(circuit: Circuit) {
    this.#circuit = circuit;
  }

  /** The number of the call that goes now. */
  send(): number {
    return this.#runs.send();
  }

  /** @param sentAfter how many answers there were when the answered call was sent. */
  onAnswered(work: string, sentAfter: number): void {
    this.#own.onAnswered(work, sentAfter);
  }

  /**
   * @param answered how many calls were answered so far.
   * @returns the failure, classified by the calls beside it.
   */
  onFailed(thrown: Failure, work: string, answered: number): Failure {
    return this.#own.onFailed(this.#keys.onFailed(thrown, work, answered), work, answered);
  }

  /** Tells the circuit how the call of this number ended. */
  tellCircuit(number: number, failure: Failure | undefined): void {
    if (failure !== undefined && tellsNothing(failure)) this.#circuit.onCancelled();
    else if (failure?.kind === 'outage' || failure?.facts.outageSignal === true) {
      const length = this.#runs.onFailed(number);
      this.#circuit.onOutage(failure, {
        length,
        telling: this.#runs.telling,
        isOne: this.#own.isOne && failure.code !== 'unreachable' && !this.#isNotReady(failure),
      });
      if (this.#circuit.state.kind === 'open') this.#runs.forget();
    } else {
      this.#runs.onWell(number);
      this.#circuit.onAnswered();
    }
  }

  /**
   * A server that has answered nothing yet and says 503 is still loading its model, or away behind its gateway
   * (https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md, `/health`): no prompt's trouble, one work shows it.
   */
  #isNotReady({ code, facts }: Failure): boolean {
    if (code !== 'server_error' || facts.pressure !== 'overload' || this.#circuit.everAnswered) return false;
    const nowMs = performance.now();
    this.#unreadySinceMs ??= nowMs;
    return nowMs - this.#unreadySinceMs < LOADING_MS;
  }
}

/** Whether the failure says nothing of the server: the call was cancelled, or its own prompt is the trouble. */
export function tellsNothing(failure: Failure): boolean {
  return isStopping(failure) || failure.facts.own === true;
}
