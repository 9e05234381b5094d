import type { ForgottenRepository } from '../../../stages/store/forgotten.ts';
import type { Claim, WorkKey } from '../../../streams/work/work.ts';
import { UNCLAIMED_WORK, UnclaimedStore } from './unclaimed-store.ts';

/** A store that keeps nothing itself: the result of such work is kept where it was made. */
export class PassThroughStore<Result> extends UnclaimedStore<Result> {
  readonly #forgotten: ForgottenRepository;

  constructor(forgotten: ForgottenRepository) {
    super();
    this.#forgotten = forgotten;
  }

  async claim({ questionId }: WorkKey): Promise<Claim<Result>> {
    return (await this.#forgotten.isMarked(questionId)) ? { kind: 'forgotten' } : UNCLAIMED_WORK;
  }

  async markPublished(): Promise<void> {}
}
