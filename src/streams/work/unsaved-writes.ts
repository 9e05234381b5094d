import { asFailure } from '../failure.ts';
import type { StopSignals } from '../stop.ts';
import { type Arrival, type Journal, type JournalMark, NOT_KEPT, type Unsaved } from './journal.ts';
import type { Finished, HeldWork, WorkId } from './work.ts';

/** Answers of an earlier process that the store has not taken: the next holder of the work uses them instead of a call. */
export interface AnswersAtHand {
  of(workId: WorkId): Finished<unknown> | undefined;
  /** The store has it, or another one. */
  drop(workId: WorkId): void;
}

const NOTHING_AT_HAND: AnswersAtHand = { of: () => undefined, drop: () => undefined };

export type UnsavedWritesOptions = Readonly<{
  journal: Journal;
  stop: StopSignals;
  atHand?: AnswersAtHand | undefined;
  /** Hears at the end of the process what the store has not taken: how many the journal keeps, and how many are lost. */
  onLeft?: ((kept: number, lost: number) => void) | undefined;
}>;

/**
 * What was paid for, on its way into the store. It stands in the journal from its arrival; while a database is away it waits
 * in memory too, as much as there are credits. When the process has to end first, what the journal does not have yet is put
 * there, at once and in the same turn of the event loop.
 */
export class UnsavedWrites {
  readonly #journal: Journal;
  readonly #stop: StopSignals;
  readonly #onLeft: NonNullable<UnsavedWritesOptions['onLeft']>;
  readonly #waiting = new Map<Unsaved, JournalMark>();
  readonly #left = new Set<Unsaved>();
  readonly atHand: AnswersAtHand;

  constructor({ journal, stop, atHand = NOTHING_AT_HAND, onLeft = () => undefined }: UnsavedWritesOptions) {
    this.#journal = journal;
    this.#stop = stop;
    this.#onLeft = onLeft;
    this.atHand = atHand;
    stop.aborted.addEventListener('abort', () => this.leaveAll(), { once: true });
  }

  /** Answers and failed attempts that are paid for and not in the store yet. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Keeps an answer that has come, before anybody looks at it. */
  arrived(arrival: Arrival, body: readonly Uint8Array[]): JournalMark {
    return this.#journal.arrived(arrival, body);
  }

  /** Keeps at once what was paid for and is no model's answer: a kill must not cost it. */
  keep(unsaved: Unsaved): JournalMark {
    return this.#journal.keep(unsaved);
  }

  /**
   * Does the write, and remembers what it is about until it is done. Rejects as the write does.
   *
   * @param mark of what stands in the journal already; dropped with the write.
   */
  async through<T>(unsaved: Unsaved, write: () => Promise<T>, mark: JournalMark = NOT_KEPT): Promise<T> {
    this.#waiting.set(unsaved, mark);
    if (this.#stop.aborted.aborted) this.leaveAll();
    try {
      const written = await write();
      this.#done(unsaved);
      return written;
    } catch (error) {
      // What the store refuses becomes a dead letter, with the answer in it.
      if (asFailure(error).kind === 'poison') this.#done(unsaved);
      throw error;
    }
  }

  /** Whether something of this claim is unsaved: then the claim must not be given back. */
  holds({ workId, token }: HeldWork): boolean {
    return [...this.#waiting.keys()].some(
      (each) => each.kind !== 'look-up' && each.workId === workId && each.token === token,
    );
  }

  /** Leaves what waits to the next process, what was left before aside. */
  leaveAll(): void {
    const rest = [...this.#waiting].filter(([unsaved]) => !this.#left.has(unsaved));
    if (rest.length === 0) return;
    let kept = 0;
    for (const [unsaved, arrived] of rest) {
      const mark = arrived.kept ? arrived : this.#journal.keep(unsaved);
      this.#waiting.set(unsaved, mark);
      this.#left.add(unsaved);
      if (mark.kept) kept += 1;
    }
    this.#onLeft(kept, rest.length - kept);
  }

  #done(unsaved: Unsaved): void {
    this.#waiting.get(unsaved)?.drop();
    this.#waiting.delete(unsaved);
  }
}
