import { FirstAnswers } from './first-answers.ts';
import { LatencySignal } from './latency-signal.ts';
import type { Departure } from './rate/endpoint-rates.ts';

/** A call that waits for permission to go out. */
export type WaitingCall = Readonly<{ tokens: number; give(departure: Departure): void; refuse(): void }>;

/** The callers of one stage at an endpoint: those on their way, and those waiting. A step costs the same however many wait. */
export class StageQueue {
  readonly name: string;
  /** Calls at once, whatever the endpoint would take. */
  readonly batchSize: number;
  /** Called for only while nobody else wants to call. */
  readonly background: boolean;
  readonly latency = new LatencySignal();
  readonly first: FirstAnswers;
  inFlight = 0;
  /** When it was served last, counted in servings. */
  servedAt = 0;
  // Insertion order is the order of arrival. Who has been refused before goes first.
  readonly #again = new Set<WaitingCall>();
  readonly #fresh = new Set<WaitingCall>();

  constructor(name: string, batchSize: number, background = false) {
    this.background = background;
    this.name = name;
    this.first = new FirstAnswers(name);
    this.batchSize = batchSize;
  }

  get waiting(): number {
    return this.#again.size + this.#fresh.size;
  }

  /** Whether one more of it may be on its way, and wants to. */
  get ready(): boolean {
    return this.inFlight < this.batchSize && this.waiting > 0 && !this.first.isEnough;
  }

  join(waiting: WaitingCall, again: boolean): void {
    (again ? this.#again : this.#fresh).add(waiting);
  }

  /** The next to be served, who stays in the queue. */
  get head(): WaitingCall | undefined {
    const [again] = this.#again;
    if (again !== undefined) return again;
    const [fresh] = this.#fresh;
    return fresh;
  }

  remove(waiting: WaitingCall): void {
    if (!this.#again.delete(waiting)) this.#fresh.delete(waiting);
  }

  /** Ends every wait. */
  refuseAll(): void {
    const all = [...this.#again, ...this.#fresh];
    this.#again.clear();
    this.#fresh.clear();
    for (const { refuse } of all) refuse();
    this.first.stop();
  }
}

/**
 * Whose turn it is: of the stages that want to call, the one with the least of its batch size on its way; of equals the
 * one that was served longest ago. So where the endpoint takes less than all want, each stage gets its share, in
 * proportion to the batch sizes, and none waits while another has more (max-min fairness). Those in the background have
 * their turn when no other wants one.
 */
export function nextInTurn(queues: Iterable<StageQueue>): StageQueue | undefined {
  let next: StageQueue | undefined;
  for (const queue of queues) if (queue.ready && (next === undefined || isBefore(queue, next))) next = queue;
  return next;
}

function isBefore(a: StageQueue, b: StageQueue): boolean {
  if (a.background !== b.background) return b.background;
  const [ofA, ofB] = [a.inFlight / a.batchSize, b.inFlight / b.batchSize];
  return ofA === ofB ? a.servedAt < b.servedAt : ofA < ofB;
}
