import { randomUUID } from 'node:crypto';
import { QUESTION_STORED } from '../../../../src/infra/engines/stored/question-stored.ts';
import { UNCLAIMED_WORK, UnclaimedStore } from '../../../../src/infra/engines/stored/unclaimed-store.ts';
import { type Example, endingOf } from '../../../../src/stages/example.ts';
import type { Question, Submission } from '../../../../src/stages/question.ts';
import { questionKey } from '../../../../src/stages/store/question-key.ts';
import type { DeadLetters } from '../../../../src/stages/store/repositories/dead-letters.ts';
import type { QuestionStore, QuestionStored } from '../../../../src/stages/store/store.ts';
import { answeringAttempt } from '../../../../src/streams/work/attempts.ts';
import type { Step } from '../../../../src/streams/work/step.ts';
import {
  type Attempt,
  type Claim,
  type Finished,
  type HeldWork,
  type Token,
  type WorkId,
  type WorkKey,
  type WorkStore,
  workIdOf,
} from '../../../../src/streams/work/work.ts';
import { ENDINGS, type Work, type World } from './world.ts';

const NOBODY = '' as Token;
const nameOf = ({ startedAt, number }: Attempt) => `${startedAt} ${number}`;

/** Claims and results of one paid stage. */
export class MemoryWorks<Result> implements WorkStore<Result> {
  readonly #world: World;
  readonly #deadLetters: DeadLetters;

  constructor(world: World, deadLetters: DeadLetters) {
    this.#world = world;
    this.#deadLetters = deadLetters;
  }

  async find(key: WorkKey): Promise<Finished<Result> | undefined> {
    return this.#world.works.get(workIdOf(key))?.finished as Finished<Result> | undefined;
  }

  async claim(key: WorkKey): Promise<Claim<Result>> {
    return this.#claim(
      key,
      ({ state, token, key: { drive } }) =>
        (state === 'claimed' && token === NOBODY) || (state === 'dead' && key.drive > drive),
    );
  }

  async takeOver(key: WorkKey, seen: Readonly<{ token: Token; renewal: number }>): Promise<Claim<Result>> {
    return this.#claim(
      key,
      ({ state, token, renewal }) => state === 'claimed' && token === seen.token && renewal === seen.renewal,
    );
  }

  async renew(held: readonly HeldWork[]): Promise<readonly WorkId[]> {
    return held
      .filter((each) => {
        const work = this.#held(each);
        if (work !== undefined) work.renewal += 1;
        return work === undefined;
      })
      .map(({ workId }) => workId);
  }

  async release(held: HeldWork): Promise<void> {
    const work = this.#held(held);
    if (work !== undefined) work.token = NOBODY;
  }

  async recordAttempt({ workId, token }: HeldWork, attempt: Attempt): Promise<void> {
    const work = this.#world.works.get(workId);
    if (work?.token !== token || work.calls.some((call) => nameOf(call) === nameOf(attempt))) return;
    work.calls = [...work.calls, attempt];
    if (work.state === 'claimed') work.attempts = [...work.attempts, attempt];
  }

  async steps(workId: WorkId): Promise<readonly Step[]> {
    return structuredClone(this.#world.works.get(workId)?.steps ?? []);
  }

  async appendStep(held: HeldWork, step: Step): Promise<'stored' | 'lost'> {
    const work = this.#held(held);
    if (work === undefined) return 'lost';
    if (step.n !== work.steps.length) return work.steps[step.n]?.key === step.key ? 'stored' : 'lost';
    work.steps = [...work.steps, structuredClone(step)];
    return 'stored';
  }

  async dropSteps(held: HeldWork): Promise<void> {
    const work = this.#held(held);
    if (work !== undefined) work.steps = [];
  }

  async complete(held: HeldWork, finished: Finished<Result>): Promise<'stored' | 'lost'> {
    const work = this.#held(held);
    const known = this.#world.works.get(held.workId);
    if (work === undefined) return known?.state === 'done' && known.token === held.token ? 'stored' : 'lost';
    const { attempts } = finished;
    const last = answeringAttempt(finished);
    const calls = last === undefined ? work.calls : [...work.calls, last];
    const kept = structuredClone(finished);
    Object.assign(work, { state: 'done', finished: kept, attempts, calls, updatedMs: Date.now() });
    await this.#deadLetters.close(held.workId);
    return 'stored';
  }

  async bury(held: HeldWork): Promise<'stored' | 'lost'> {
    const known = this.#world.works.get(held.workId);
    if (known?.token !== held.token || known.state === 'done') return 'lost';
    if (known.state === 'claimed') Object.assign(known, { state: 'dead', updatedMs: Date.now() });
    return 'stored';
  }

  async markPublished(workIds: readonly WorkId[]): Promise<void> {
    for (const workId of workIds) {
      const work = this.#world.works.get(workId);
      if (work !== undefined) work.published = true;
    }
  }

  #held({ workId, token }: HeldWork): Work | undefined {
    const work = this.#world.works.get(workId);
    return work?.state === 'claimed' && work.token === token ? work : undefined;
  }

  #claim(key: WorkKey, isFree: (standing: Work) => boolean): Claim<Result> {
    if (this.#world.isForgotten(key.questionId)) return { kind: 'forgotten' };
    const standing = this.#world.works.get(workIdOf(key));
    if (standing !== undefined && !isFree(standing)) return claimOf(standing);
    const token = randomUUID() as Token;
    const { attempts = [], calls = [], steps = [] } = standing ?? {};
    const rest = { finished: undefined, published: false, updatedMs: Date.now() };
    const work: Work = { key, state: 'claimed', token, renewal: 0, attempts, calls, steps, ...rest };
    this.#world.works.set(workIdOf(key), work);
    return { kind: 'claimed', token, attempts, ...(steps.length === 0 ? {} : { steps: steps.length }) };
  }
}

function claimOf<Result>({ state, token, renewal, finished, published }: Work): Claim<Result> {
  if (state === 'claimed') return { kind: 'held', token, renewal };
  if (state === 'dead' || finished === undefined) return { kind: 'dead' };
  return { kind: 'done', finished: finished as Finished<Result>, published };
}

/** The store of stage 1. */
export class MemoryQuestions extends UnclaimedStore<QuestionStored> implements QuestionStore {
  readonly #world: World;

  constructor(world: World) {
    super();
    this.#world = world;
  }

  async accept(work: WorkKey, question: Question, submission: Submission | undefined): Promise<void> {
    this.#world.accept(work, question, submission);
  }

  async claim(work: WorkKey): Promise<Claim<QuestionStored>> {
    if (this.#world.isForgotten(work.questionId)) return { kind: 'forgotten' };
    const published = this.#world.questions.get(questionKey(work))?.published === true;
    return published ? { kind: 'done', finished: QUESTION_STORED, published } : UNCLAIMED_WORK;
  }

  async complete(): Promise<'stored'> {
    return 'stored';
  }

  async markPublished(workIds: readonly WorkId[]): Promise<void> {
    for (const workId of workIds) {
      const question = this.#world.questions.get(workId.split('/', 2).join('/'));
      if (question !== undefined) question.published = true;
    }
  }
}

/** The store of stage 5: a question has one end, that of its highest revision. */
export class MemoryOutcomes extends UnclaimedStore<Example> implements WorkStore<Example> {
  readonly #world: World;

  constructor(world: World) {
    super();
    this.#world = world;
  }

  async claim(work: WorkKey): Promise<Claim<Example>> {
    if (this.#world.isForgotten(work.questionId)) return { kind: 'forgotten' };
    const outcome = this.#outcome(questionKey(work), work.revision);
    if (outcome === undefined) return UNCLAIMED_WORK;
    return { kind: 'done', finished: outcome.finished, published: outcome.published };
  }

  async complete(_held: HeldWork, finished: Finished<Example>): Promise<'stored'> {
    const { lane, questionId, revision, review } = finished.result;
    const key = `${lane}/${questionId}`;
    if (this.#world.isForgotten(questionId)) return 'stored';
    const into = endingOf(review);
    const standing = ENDINGS.map((ending) => this.#world.outcomes[ending].get(key));
    if (standing.some((each) => each !== undefined && each.revision > revision)) return 'stored';
    for (const ending of ENDINGS) if (ending !== into) this.#world.outcomes[ending].delete(key);
    const kept = structuredClone(finished);
    this.#world.outcomes[into].set(key, { revision, finished: kept, published: false });
    return 'stored';
  }

  async markPublished(workIds: readonly WorkId[]): Promise<void> {
    for (const workId of workIds) {
      const [lane, questionId, , revision] = workId.split('/');
      const outcome = this.#outcome(`${lane}/${questionId}`, Number(revision));
      if (outcome !== undefined) outcome.published = true;
    }
  }

  #outcome(key: string, revision: number) {
    const found = ENDINGS.map((ending) => this.#world.outcomes[ending].get(key));
    return found.find((each) => each?.revision === revision);
  }
}
