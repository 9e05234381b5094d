import { Failure } from '../../failure.ts';

/** Whose failures are remembered: more never fail side by side. */
const MOST_REMEMBERED = 10_000;

type Seen = { answeredBefore: number; others: boolean };

/**
 * Which works fail by themselves, and not for trouble of the server: a prompt that its parser or its template cannot take is
 * answered with a 500 or never. It has failed, and then calls of others were sent and answered. What fails so says nothing of the server.
 */
export class OwnTrouble {
  readonly #failed = new Map<string, Seen>();
  /** Works that have failed since the last answer. */
  readonly #sinceAnswer = new Set<string>();

  /** @param sentAfter how many answers there were when the answered call was sent. */
  onAnswered(work: string, sentAfter: number): void {
    this.#failed.delete(work);
    this.#sinceAnswer.clear();
    for (const seen of this.#failed.values()) seen.others ||= sentAfter >= seen.answeredBefore;
  }

  /**
   * @param answered how many calls were answered so far.
   * @returns the failure, marked where it is the work's own.
   */
  onFailed(failure: Failure, work: string, answered: number): Failure {
    const { kind, code, message, facts } = failure;
    if (kind !== 'transient' || facts.outageSignal !== true || code === 'unreachable') return failure;
    const seen = this.#failed.get(work);
    if (seen?.others === true)
      return new Failure(kind, code, message, { ...facts, outageSignal: false, own: true });
    if (seen === undefined && this.#failed.size < MOST_REMEMBERED)
      this.#failed.set(work, { answeredBefore: answered, others: false });
    this.#sinceAnswer.add(work);
    return failure;
  }

  /** Whether one work alone has failed since the last answer: it may be the work. */
  get isOne(): boolean {
    return this.#sinceAnswer.size <= 1;
  }
}
