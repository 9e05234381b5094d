import { interval, map, type Observable, Subject, startWith } from 'rxjs';
import type { CallGate, CallRequest, Pass } from './call-gate.ts';
import { Circuit, type CircuitOptions } from './circuit.ts';
import { ConcurrencyLimit } from './concurrency-limit.ts';
import type { EndpointEvent, EndpointState } from './endpoint-state.ts';
import type { Failure, Usage } from './failure.ts';
import { nextInTurn, StageLine, type Waiting } from './stage-line.ts';
import { isStopping, stopping } from './stop.ts';

export type EndpointOptions = Readonly<{
  /** For people: the address, and the model where stages use several. */
  name: string;
  /** Once aborted, every wait ends with `stopping()`. */
  stop: AbortSignal;
  circuit?: CircuitOptions;
}>;

type Departure = Readonly<{ line: StageLine; epoch: number }>;

/**
 * Everything that decides when this process may call one model endpoint: its circuit, how many calls it takes at once,
 * and the stages' turns. One object per endpoint, shared by all stages that call it. Waiting costs nothing; a call in
 * flight holds a slot, a backoff holds none.
 */
export class EndpointGate {
  readonly name: string;
  readonly circuit: Circuit;
  readonly #stop: AbortSignal;
  readonly #limit = new ConcurrencyLimit();
  readonly #lines = new Set<StageLine>();
  readonly #events = new Subject<EndpointEvent>();
  #inFlight = 0;
  #servings = 0;
  #answered = 0;
  #refused = 0;

  constructor({ name, stop, circuit }: EndpointOptions) {
    this.name = name;
    this.circuit = new Circuit(circuit);
    this.#stop = stop;
    stop.addEventListener('abort', () => this.#refuseAll(), { once: true });
    this.circuit.states.subscribe((state) => {
      this.#events.next({ kind: 'circuit', state });
      this.#serve();
    });
  }

  readonly events: Observable<EndpointEvent> = this.#events.asObservable();

  /** A stage that calls here, `batchSize` calls at once at most. */
  stage(name: string, batchSize: number): CallGate {
    const line = new StageLine(name, batchSize);
    this.#lines.add(line);
    this.#limit.raiseCeiling(batchSize);
    const gate = this;
    return {
      get circuitClosed() {
        return gate.circuit.state.kind === 'closed';
      },
      get answered() {
        return gate.#answered;
      },
      enter: (request) => gate.#enter(line, request),
    };
  }

  get state(): EndpointState {
    return {
      endpoint: this.name,
      circuit: this.circuit.state,
      limit: this.#limit.limit,
      ceiling: this.#limit.ceiling,
      inFlight: this.#inFlight,
      stages: [...this.#lines].map(({ name, inFlight, waiting, batchSize }) => ({
        stage: name,
        inFlight,
        waiting,
        batchSize,
      })),
      pausedMs: 0,
      budgets: [],
      answered: this.#answered,
      refused: this.#refused,
    };
  }

  /** The state now and every so often, for those who watch. */
  states(everyMs: number): Observable<EndpointState> {
    return interval(everyMs).pipe(
      startWith(0),
      map(() => this.state),
    );
  }

  /** Leaves no timer behind. */
  close(): void {
    this.circuit.close();
    this.#events.complete();
  }

  #enter(line: StageLine, { tokens, again }: CallRequest): Promise<Pass> {
    if (this.#stop.aborted) return Promise.reject(stopping());
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        tokens: tokens.input + tokens.output,
        give: () => resolve(this.#depart(line)),
        refuse: () => reject(stopping()),
      };
      line.join(waiting, again);
      this.#serve();
    });
  }

  /** Lets in whoever may go now, one after the other. */
  #serve(): void {
    for (;;) {
      if (this.#inFlight >= this.#limit.limit || !this.circuit.mayStart) return;
      const line = nextInTurn(this.#lines);
      const head = line?.head;
      if (line === undefined || head === undefined) return;
      this.#admit(line, head);
    }
  }

  #admit(line: StageLine, head: Waiting): void {
    line.remove(head);
    line.inFlight += 1;
    line.servedAt = this.#servings;
    this.#servings += 1;
    this.#inFlight += 1;
    this.circuit.start();
    head.give();
  }

  #depart(line: StageLine): Pass {
    const departure = { line, epoch: this.#limit.start() };
    return { leave: (failure, usage) => this.#arrive(departure, failure, usage) };
  }

  #arrive({ line, epoch }: Departure, failure: Failure | undefined, _usage: Usage | undefined): void {
    line.inFlight -= 1;
    this.#inFlight -= 1;
    if (failure?.facts.pressure !== undefined) this.#onPressure(failure.facts.pressure, epoch);
    else if (failure === undefined || failure.kind === 'content') this.#onAnswered();
    this.#tellCircuit(failure);
    this.#serve();
  }

  #onAnswered(): void {
    this.#answered += 1;
    this.#limit.onAnswered();
  }

  #onPressure(cause: 'rate-limit' | 'overload', epoch: number): void {
    if (cause === 'rate-limit') this.#refused += 1;
    if (this.#limit.onPressure(epoch))
      this.#events.next({ kind: 'slowed', cause, limit: this.#limit.limit, pausedMs: 0 });
  }

  #tellCircuit(failure: Failure | undefined): void {
    if (failure === undefined) this.circuit.onAnswered();
    else if (isStopping(failure)) this.circuit.onCancelled();
    else if (failure.kind === 'outage' || failure.facts.outageSignal === true) this.circuit.onOutage(failure);
    else this.circuit.onAnswered();
  }

  #refuseAll(): void {
    for (const line of this.#lines) line.refuseAll();
  }
}
