import type { ForgottenRepository } from '../../../stages/store/forgotten.ts';
import type { Claim, WorkKey, WorkStore } from '../../../streams/work/work.ts';
import { UNCLAIMED_WORK, UnclaimedStore } from './unclaimed-store.ts';

/** A store that keeps nothing itself: the result of such work is kept where it was made. */
export class PassThroughStore<Result> extends UnclaimedStore<Result> implements WorkStore<Result> {
  readonly #forgotten: ForgottenRepository;

  constructor(forgotten: ForgottenRepository) {
    super();
    this.#forgotten = forgotten;
  }

  async claim({ questionId }: WorkKey): Promise<Claim<Result>> {
    return (await this.#forgotten.isMarked(questionId)) ? { kind: 'forgotten' } : UNCLAIMED_WORK;
  }

  async complete(): Promise<'stored'> {
    return 'stored';
  }

  async markPublished(): Promise<void> {}
}
