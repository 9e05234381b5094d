import type { Step } from '../../../streams/work/step.ts';
import type {
  Claim,
  Finished,
  HeldWork,
  Token,
  WorkId,
  WorkKey,
  WorkStore,
} from '../../../streams/work/work.ts';

/** Nothing is claimed, so every holder has the same token. */
const UNCLAIMED = 'unclaimed' as Token;

/** What everybody who asks is answered. */
export const UNCLAIMED_WORK = { kind: 'claimed', token: UNCLAIMED, attempts: [] } satisfies Claim<never>;

/** A store of work that is free and the same however often it is done: nobody holds it, and it never dies. */
export abstract class UnclaimedStore<Result> implements WorkStore<Result> {
  abstract claim(work: WorkKey): Promise<Claim<Result>>;
  abstract markPublished(workIds: readonly WorkId[]): Promise<void>;

  async find(work: WorkKey): Promise<Finished<Result> | undefined> {
    const claim = await this.claim(work);
    return claim.kind === 'done' ? claim.finished : undefined;
  }

  takeOver(work: WorkKey): Promise<Claim<Result>> {
    return this.claim(work);
  }

  async renew(): Promise<readonly WorkId[]> {
    return [];
  }

  async release(): Promise<void> {}

  async recordAttempt(): Promise<void> {}

  async steps(): Promise<readonly Step[]> {
    return [];
  }

  async appendStep(): Promise<'stored'> {
    return 'stored';
  }

  async dropSteps(): Promise<void> {}

  /** There is nothing to keep, unless a store says otherwise. */
  async complete(_held: HeldWork, _finished: Finished<Result>): Promise<'stored'> {
    return 'stored';
  }

  async bury(): Promise<'stored'> {
    return 'stored';
  }
}
