import type { Subscription } from 'rxjs';
import type { Session } from '../features/run/session/session.ts';
import type { Example } from '../stages/example.ts';
import { type Question, questionIdOf } from '../stages/question.ts';
import { isEnd } from '../stages/status.ts';
import type { StageEvent } from '../streams/delivery/stage-events.ts';
import type { QuestionId } from '../streams/work/work.ts';

/**
 * The questions between being asked and their example being read: never more than the window. This is where the reader
 * of the examples slows down the supply of the questions.
 */
export class OpenQuestions {
  readonly #session: Session;
  readonly #window: number;
  readonly #open = new Set<QuestionId>();
  readonly #ready: Example[] = [];
  #supplyEnded = false;
  #failure: unknown;
  #closed = false;
  #changed = Promise.withResolvers<void>();
  readonly #subscription: Subscription;

  constructor(session: Session, window: number) {
    this.#session = session;
    this.#window = window;
    this.#subscription = session.events.subscribe({
      next: (event) => this.#onEvent(event),
      complete: () => this.close(),
    });
  }

  /** Waits for room. `known`: the question is on its way already. `over`: nobody reads any more. */
  async add(question: Question): Promise<'added' | 'known' | 'over'> {
    while (this.#open.size + this.#ready.length >= this.#window && !this.#isOver) await this.#changed.promise;
    const id = questionIdOf(question);
    if (this.#isOver) return 'over';
    if (this.#open.has(id)) return 'known';
    this.#open.add(id);
    return 'added';
  }

  endSupply(): void {
    this.#supplyEnded = true;
    this.#wake();
  }

  fail(failure: unknown): void {
    if (this.#closed) return;
    this.#failure ??= failure;
    this.#wake();
  }

  /** Nobody reads any more, or the session has ended. */
  close(): void {
    this.#closed = true;
    this.#subscription.unsubscribe();
    this.#wake();
  }

  async *examples(): AsyncGenerator<Example, void, void> {
    for (;;) {
      const example = this.#ready.shift();
      if (example !== undefined) {
        this.#wake();
        yield example;
      } else if (this.#failure !== undefined) throw this.#failure;
      else if (this.#closed) return;
      else if (this.#supplyEnded && this.#open.size === 0) return;
      else await this.#changed.promise;
    }
  }

  get #isOver(): boolean {
    return this.#closed || this.#failure !== undefined;
  }

  #onEvent(event: StageEvent): void {
    if (event.kind !== 'outcome' || !('work' in event.outcome) || event.outcome.work === undefined) return;
    const { work } = event.outcome;
    if (work.lane !== this.#session.lane.name || !this.#open.has(work.questionId)) return;
    const mayBeOver = event.stage === 'storage' || event.outcome.kind !== 'settled';
    if (mayBeOver) this.#look(work.questionId).catch((failure: unknown) => this.fail(failure));
  }

  /** A question that was done before passes stage 1 only: so what counts is where it stands, not which event came. */
  async #look(questionId: QuestionId): Promise<void> {
    const { engine, lane } = this.#session;
    const outcome = await engine.store.reports.outcome(lane.name, questionId);
    if (outcome === undefined || !isEnd(outcome.status) || !this.#open.delete(questionId)) return;
    if (outcome.status === 'approved' && outcome.example !== undefined) this.#ready.push(outcome.example);
    this.#wake();
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}
