import type { DeadLetter } from '../../../src/streams/delivery/dead-letter.ts';
import type { StatusMove, StatusRepository } from '../../../src/streams/delivery/status-repository.ts';
import type { Failure } from '../../../src/streams/failure.ts';

/** Keeps every move and dead letter in memory. */
export class FakeStatuses implements StatusRepository {
  readonly moves: StatusMove[] = [];
  readonly deadLetters: DeadLetter[] = [];
  readonly closed: string[] = [];
  readonly journal: string[];
  /** Thrown by the next writes, one each. */
  readonly failures: Failure[] = [];

  constructor(journal: string[] = []) {
    this.journal = journal;
  }

  async move(move: StatusMove): Promise<void> {
    this.journal.push(`move ${move.status}`);
    this.#failIfDue();
    this.moves.push(move);
  }

  async putDeadLetter(deadLetter: DeadLetter): Promise<void> {
    this.journal.push('putDeadLetter');
    this.#failIfDue();
    this.deadLetters.push(deadLetter);
  }

  async closeDeadLetter(id: string): Promise<void> {
    this.journal.push(`closeDeadLetter ${id}`);
    this.#failIfDue();
    this.closed.push(id);
  }

  #failIfDue(): void {
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
  }
}
