import type { StageResult } from '../../streams/delivery/stage.ts';
import type { StageEvent, StageOutcome } from '../../streams/delivery/stage-events.ts';
import type { ReplayProgress } from '../run/progress/run-progress.ts';

/** What a replay has done with its source in this session. */
export class ReplayTally {
  readonly #messages: number;
  #read: number;
  #taken = 0;
  #dead = 0;

  /** @param read records that were read before this session. */
  constructor(messages: number, read: number) {
    this.#messages = messages;
    this.#read = read;
  }

  onEvent(event: StageEvent): void {
    if (event.kind === 'outcome') this.#onOutcome(event.outcome);
  }

  get progress(): ReplayProgress {
    // What is published meanwhile lies behind the pinned end, and is read as well until the replay has left.
    return { messages: this.#messages, read: Math.min(this.#read, this.#messages), taken: this.#taken };
  }

  get dead(): number {
    return this.#dead;
  }

  /** Everything up to the pinned end. */
  readAll(): void {
    this.#read = this.#messages;
  }

  #onOutcome(outcome: StageOutcome): void {
    if (outcome.kind === 'left' || outcome.kind === 'abandoned' || outcome.kind === 'fatal') return;
    this.#read += 1;
    if (outcome.kind === 'settled' && isPublished(outcome.result)) this.#taken += 1;
    if (outcome.kind === 'dead-lettered') this.#dead += 1;
  }
}

/** A question that did not pass ends without a record on the ledger. */
function isPublished(result: StageResult): boolean {
  return 'records' in result ? result.records.length > 0 : true;
}
