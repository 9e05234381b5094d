import type { StageEvent } from '../streams/delivery/stage-events.ts';
import { errorOf, type PipelineError } from './progress.ts';

/** The most that are kept: a pipeline without end must not grow with what went wrong. */
const ERRORS_KEPT = 100;

/** The last errors, and how many there were. */
export class LastErrors {
  readonly #last: PipelineError[] = [];
  #count = 0;

  onEvent(event: StageEvent): void {
    const error = errorOf(event);
    if (error === undefined) return;
    this.#count += 1;
    this.#last.push(error);
    if (this.#last.length > ERRORS_KEPT) this.#last.shift();
  }

  get read(): Readonly<{ errors: readonly PipelineError[]; errorCount: number }> {
    return { errors: [...this.#last], errorCount: this.#count };
  }
}
