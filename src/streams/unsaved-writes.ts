import { asFailure } from './failure.ts';
import type { StopSignals } from './stop.ts';
import type { Attempt, Finished, HeldWork, Token, WorkId } from './work.ts';

/** What was paid for and is not in the store yet. */
export type Unsaved =
  | Readonly<{ kind: 'answer'; stage: string; workId: WorkId; token: Token; finished: Finished<unknown> }>
  | Readonly<{ kind: 'attempt'; stage: string; workId: WorkId; token: Token; attempt: Attempt }>;
export type UnsavedAnswer = Extract<Unsaved, { kind: 'answer' }>;

/** Where paid answers go when the process ends before the store takes them. */
export interface Spill {
  /** Returns once it is durable: there is no later moment. Never throws; what cannot be kept is told to somebody. */
  keep(unsaved: readonly Unsaved[]): void;
}

/** Answers of an earlier process that the store has not taken: the next holder of the work uses them instead of a call. */
export interface AnswersAtHand {
  of(workId: WorkId): Finished<unknown> | undefined;
  /** The store has it, or another one. */
  drop(workId: WorkId): void;
}

export const NO_SPILL: Spill = { keep: () => undefined };
export const NOTHING_AT_HAND: AnswersAtHand = { of: () => undefined, drop: () => undefined };

/**
 * Finished answers on their way into the store. While a database is away they wait in memory, as many as there are credits;
 * when the process has to end first they are spilled, at once and in the same turn of the event loop.
 */
export class UnsavedWrites {
  readonly #spill: Spill;
  readonly #stop: StopSignals;
  readonly #waiting = new Set<Unsaved>();
  readonly #spilled = new Set<Unsaved>();
  readonly atHand: AnswersAtHand;

  constructor(spill: Spill, stop: StopSignals, atHand: AnswersAtHand = NOTHING_AT_HAND) {
    this.#spill = spill;
    this.#stop = stop;
    this.atHand = atHand;
    stop.aborted.addEventListener('abort', () => this.spillAll(), { once: true });
  }

  /** Answers and failed attempts that are paid for and not in the store yet. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Does the write, and remembers what it is about until it is done. Rejects as the write does. */
  async through<T>(unsaved: Unsaved, write: () => Promise<T>): Promise<T> {
    this.#waiting.add(unsaved);
    if (this.#stop.aborted.aborted) this.spillAll();
    try {
      const written = await write();
      this.#waiting.delete(unsaved);
      return written;
    } catch (error) {
      // What the store refuses becomes a dead letter, with the answer in it.
      if (asFailure(error).kind === 'poison') this.#waiting.delete(unsaved);
      throw error;
    }
  }

  /** Whether something of this claim is unsaved: then the claim must not be given back. */
  holds({ workId, token }: HeldWork): boolean {
    return [...this.#waiting].some((each) => each.workId === workId && each.token === token);
  }

  /** Spills what waits and was not spilled before. */
  spillAll(): void {
    const rest = [...this.#waiting].filter((unsaved) => !this.#spilled.has(unsaved));
    if (rest.length === 0) return;
    for (const unsaved of rest) this.#spilled.add(unsaved);
    this.#spill.keep(rest);
  }
}
