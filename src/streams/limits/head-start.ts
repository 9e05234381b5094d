import { orAborted } from '../stop.ts';
import type { CallGate, CallRequest, Pass } from './call-gate.ts';

const LOOK_MS = 1_000;
/** Nobody was called there for so long: what was sent ahead does not reach it. */
const QUIET_LOOKS = 10;

/** The endpoint of a later stage. */
export type Later = Readonly<{
  /** Resolves with its first answer. */
  firstAnswer: Promise<void>;
  state: Readonly<{ inFlight: number }>;
}>;

/**
 * Lets `most` works in, and the next ones when every later endpoint has answered once: a model that refuses everything is found
 * before the calls of the stages ahead of it are paid for. Where nothing comes through to it (dead letters, another process), the
 * wait ends by itself.
 */
class HeadStart {
  readonly #gate: CallGate;
  readonly #most: number;
  readonly #later: readonly Later[];
  #started = 0;
  #open: Promise<void> | undefined;

  constructor(gate: CallGate, most: number, later: readonly Later[]) {
    this.#gate = gate;
    this.#most = most;
    this.#later = later;
  }

  async enter(request: CallRequest): Promise<Pass> {
    if (!request.again) this.#started += 1;
    if (!request.again && this.#started > this.#most) await this.#opened(request.signal);
    return this.#gate.enter(request);
  }

  async #opened(signal: AbortSignal | undefined): Promise<void> {
    this.#open ??= this.#untilOpen();
    await (signal === undefined ? this.#open : orAborted(this.#open, signal));
  }

  async #untilOpen(): Promise<void> {
    const quiet = Promise.withResolvers<void>();
    let looks = 0;
    const timer = setInterval(() => {
      looks = this.#later.some(({ state }) => state.inFlight > 0) ? 0 : looks + 1;
      if (looks >= QUIET_LOOKS) quiet.resolve();
    }, LOOK_MS);
    timer.unref();
    await Promise.race([Promise.all(this.#later.map(({ firstAnswer }) => firstAnswer)), quiet.promise]);
    clearInterval(timer);
  }
}

/** The gate with a head start of `most` works before later endpoints; as it is where there are none. */
export function withHeadStart(gate: CallGate, most: number, later: readonly Later[]): CallGate {
  if (later.length === 0) return gate;
  const start = new HeadStart(gate, most, later);
  return {
    get circuitClosed() {
      return gate.circuitClosed;
    },
    open: gate.open,
    get answered() {
      return gate.answered;
    },
    enter: (request) => start.enter(request),
  };
}
