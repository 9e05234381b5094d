import { distinctUntilChanged, interval, map, type Observable, Subject, startWith } from 'rxjs';
import { tokensUsed } from '../budget/token-estimate.ts';
import type { Failure, Usage } from '../failure.ts';
import { LONGEST_TIMER_MS, stopping } from '../stop.ts';
import type { CallGate, CallRequest, Pass } from './call-gate.ts';
import { CallsAtOnce, type SentBeside } from './calls-at-once.ts';
import { Circuit, type CircuitOptions } from './circuit/circuit.ts';
import { ServerTrouble, tellsNothing } from './circuit/server-trouble.ts';
import type { EndpointEvent, EndpointState, Slowed } from './endpoint-state.ts';
import { type Departure, EndpointRates, type FixedLimits } from './rate/endpoint-rates.ts';
import type { RateReading } from './rate/rate-reading.ts';
import { nextInTurn, StageQueue, type WaitingCall } from './stage-queue.ts';

export type EndpointOptions = Readonly<{
  /** For people: the address, and the model if stages use several. */
  name: string;
  /** Once aborted, every wait ends with `stopping()`. */
  stop: AbortSignal;
  circuit?: CircuitOptions;
  limits?: FixedLimits;
  /** From 0 to 1, for tests. */
  random?: () => number;
}>;

type Call = Readonly<{
  queue: StageQueue;
  departure: Departure;
  beside: SentBeside;
  number: number;
  work: string;
  answeredBefore: number;
}>;

/**
 * Decides when this process may call a model endpoint: by its circuit, by how many calls it takes at once and how fast, and by
 * whose turn it is among the stages. There is one per endpoint, shared by all stages that call it. Only a call in flight holds a
 * slot; waiting and backing off hold none.
 */
export class EndpointGate {
  readonly name: string;
  readonly circuit: Circuit;
  readonly #stop: AbortSignal;
  readonly #atOnce = new CallsAtOnce();
  readonly #queues = new Set<StageQueue>();
  readonly #events = new Subject<EndpointEvent>();
  readonly #rates: EndpointRates;
  readonly #trouble: ServerTrouble;
  readonly #first = Promise.withResolvers<void>();
  #inFlight = 0;
  #timer: NodeJS.Timeout | undefined;
  #servings = 0;
  #answered = 0;
  #refused = 0;
  #refusing: Readonly<{ message: string; atMs: number }> | undefined;

  constructor({ name, stop, circuit, limits = {}, random = Math.random }: EndpointOptions) {
    this.#rates = new EndpointRates(limits, performance.now(), random);
    this.name = name;
    this.circuit = new Circuit(circuit);
    this.#trouble = new ServerTrouble(this.circuit);
    this.#stop = stop;
    stop.addEventListener('abort', () => this.#refuseAll(), { once: true });
    this.circuit.states.subscribe((state) => {
      this.#events.next({ kind: 'circuit', state });
      this.#serve();
    });
  }

  readonly events: Observable<EndpointEvent> = this.#events.asObservable();

  /** Resolves with the first answer. */
  get firstAnswer(): Promise<void> {
    return this.#first.promise;
  }

  /** The gate of a stage, with at most `batchSize` calls at once. A background stage calls only while no other stage wants to. */
  stage(name: string, batchSize: number, { background = false } = {}): CallGate {
    const queue = new StageQueue(name, batchSize, background);
    this.#queues.add(queue);
    this.#atOnce.raiseCeiling(batchSize);
    const gate = this;
    return {
      get circuitClosed() {
        return gate.circuit.state.kind === 'closed';
      },
      open: this.circuit.states.pipe(
        map(({ kind }) => kind === 'open'),
        distinctUntilChanged(),
      ),
      get answered() {
        return gate.#answered;
      },
      enter: (request) => gate.#enter(queue, request),
    };
  }

  get state(): EndpointState {
    return {
      endpoint: this.name,
      circuit: this.circuit.state,
      limit: this.#atOnce.limit,
      ceiling: this.#atOnce.ceiling,
      inFlight: this.#inFlight,
      stages: [...this.#queues].map(({ name, inFlight, waiting, batchSize }) => ({
        stage: name,
        inFlight,
        waiting,
        batchSize,
      })),
      pausedMs: this.#rates.silentMs(performance.now()),
      budgets: this.#rates.budgets,
      answered: this.#answered,
      refused: this.#refused,
      refusing: this.#refusing && {
        message: this.#refusing.message,
        sinceMs: performance.now() - this.#refusing.atMs,
      },
    };
  }

  /** The state, now and every `everyMs` milliseconds. */
  states(everyMs: number): Observable<EndpointState> {
    return interval(everyMs).pipe(
      startWith(0),
      map(() => this.state),
    );
  }

  /** Clears the timers. */
  close(): void {
    this.circuit.close();
    clearTimeout(this.#timer);
    this.#events.complete();
  }

  #enter(queue: StageQueue, { tokens, again, work, signal }: CallRequest): Promise<Pass> {
    if (this.#stop.aborted || signal?.aborted === true) return Promise.reject(stopping());
    // Nearly all who call stop with the gate, which then refuses them itself.
    const own = signal === this.#stop ? undefined : signal;
    return new Promise((resolve, reject) => {
      const leave = () => {
        queue.remove(waiting);
        reject(stopping());
      };
      const waiting: WaitingCall = {
        tokens: tokens.input + tokens.output,
        give: (departure) => {
          own?.removeEventListener('abort', leave);
          resolve(this.#pass(queue, departure, work));
        },
        refuse: () => {
          own?.removeEventListener('abort', leave);
          reject(stopping());
        },
      };
      own?.addEventListener('abort', leave, { once: true });
      queue.join(waiting, again);
      this.#serve();
    });
  }

  /** Lets in whoever may go now, one after the other. */
  #serve(): void {
    for (;;) {
      if (this.#inFlight >= this.#atOnce.most || !this.circuit.mayStart) return;
      const queue = nextInTurn(this.#queues);
      const head = queue?.head;
      if (queue === undefined || head === undefined) return;
      const nowMs = performance.now();
      const waitMs = this.#rates.waitMs(nowMs, head.tokens);
      if (waitMs > 0) {
        this.#serveIn(waitMs);
        return;
      }
      this.#admit(queue, head, nowMs);
    }
  }

  #serveIn(waitMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#serve(), Math.min(Math.ceil(waitMs), LONGEST_TIMER_MS));
  }

  #admit(queue: StageQueue, head: WaitingCall, nowMs: number): void {
    queue.remove(head);
    queue.inFlight += 1;
    queue.servedAt = this.#servings;
    this.#servings += 1;
    this.#inFlight += 1;
    this.circuit.start();
    head.give(this.#rates.take(nowMs, head.tokens));
  }

  #pass(queue: StageQueue, departure: Departure, work: string | undefined): Pass {
    const number = this.#trouble.send();
    const call: Call = {
      queue,
      departure,
      beside: this.#atOnce.send(),
      number,
      work: work ?? `call ${number}`,
      answeredBefore: this.#answered,
    };
    return {
      onRates: (reading) => this.#onRates(call, reading),
      leave: (failure, usage) => this.#arrive(call, failure, usage),
    };
  }

  #onRates({ departure }: Call, reading: RateReading): void {
    this.#rates.onReading(performance.now(), departure, reading);
    this.#serve();
  }

  #arrive(call: Call, thrown: Failure | undefined, usage: Usage | undefined): Promise<Failure> | undefined {
    const nowMs = performance.now();
    const { queue, work } = call;
    queue.inFlight -= 1;
    this.#inFlight -= 1;
    const failure = thrown && this.#trouble.onFailed(thrown, work, this.#answered);
    if (failure === undefined || failure.kind === 'content') this.#onAnswered(call, usage, nowMs);
    else if (failure.facts.pressure !== undefined && !tellsNothing(failure))
      this.#onPressure(call, failure, nowMs);
    else {
      if (tellsNothing(failure)) this.#rates.onCancelled(nowMs, call.departure);
      this.#atOnce.withdraw(call.beside);
    }
    const judged = failure && queue.first.judge(failure, work);
    this.#trouble.tellCircuit(call.number, failure);
    queue.first.onArrival(queue.inFlight);
    this.#serve();
    return judged;
  }

  #onAnswered(call: Call, usage: Usage | undefined, nowMs: number): void {
    const { queue, beside, departure } = call;
    this.#answered += 1;
    this.#first.resolve();
    this.#refusing = undefined;
    this.#trouble.onAnswered(call.work, call.answeredBefore);
    queue.first.onAnswered();
    if (this.#atOnce.onAnswered(beside, queue.latency, nowMs - departure.sentMs))
      this.#tellSlowed('latency', nowMs);
    this.#rates.onAnswered(nowMs, departure, tokensUsed(usage));
  }

  #onPressure({ beside, departure }: Call, failure: Failure, nowMs: number): void {
    const { pressure, retryAfterMs } = failure.facts;
    const cause = pressure === 'rate-limit' ? 'rate-limit' : 'overload';
    // Refused while others could have gone beside it, a call was too early, and not one too many.
    const isBinding = cause === 'overload' || this.#atOnce.isBinding(this.#inFlight);
    const wasClosed = this.#rates.silentMs(nowMs) > 0;
    let closed = false;
    if (cause === 'rate-limit') {
      this.#refused += 1;
      this.#refusing = { message: failure.message, atMs: this.#refusing?.atMs ?? nowMs };
      const servedBeside = this.#inFlight > 0;
      closed = this.#rates.onRefused(nowMs, departure, { askedMs: retryAfterMs, servedBeside, isBinding });
    }
    if (!isBinding) this.#atOnce.withdraw(beside);
    const lowered = isBinding && this.#atOnce.onFailed(beside);
    if (lowered || (closed && !wasClosed && this.#atOnce.turn(beside))) this.#tellSlowed(cause, nowMs);
  }

  #tellSlowed(cause: Slowed['cause'], nowMs: number): void {
    for (const { latency } of this.#queues) latency.forget();
    const pausedMs = this.#rates.silentMs(nowMs);
    this.#events.next({ kind: 'slowed', cause, limit: this.#atOnce.limit, pausedMs });
  }

  #refuseAll(): void {
    clearTimeout(this.#timer);
    for (const queue of this.#queues) queue.refuseAll();
  }
}
