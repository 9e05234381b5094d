import { Failure, UNAUTHORIZED } from '../../failure.ts';

/**
 * A 401 before any answer is a wrong key, and fatal. After answers it may be a gateway whose own sign-in has run out for a moment: each
 * work asks once more, and when it is refused again, with nobody answered in between, the endpoint is taken for closed until it answers.
 */
export class KeyTrouble {
  /** By work: how many calls had been answered when it was refused. */
  readonly #refused = new Map<string, number>();

  #closedAt = 0;

  /** @param answered how many calls were answered so far. */
  onFailed(failure: Failure, work: string, answered: number): Failure {
    if (failure.code !== UNAUTHORIZED || answered === 0) return failure;
    const before = this.#refused.get(work);
    const { message, facts } = failure;
    if (before === answered || this.#closedAt === answered) {
      this.#closedAt = answered;
      return new Failure('outage', UNAUTHORIZED, `${message} It took the key before.`, {
        ...facts,
        outageSignal: true,
      });
    }
    if (before === undefined && this.#refused.size > MOST_REMEMBERED) this.#refused.clear();
    this.#refused.set(work, answered);
    return new Failure('transient', UNAUTHORIZED, message, facts);
  }
}

const MOST_REMEMBERED = 10_000;
