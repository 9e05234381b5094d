import type { Collection } from 'mongodb';
import type { z } from 'zod';
import { answeringAttempt } from '../../../../streams/work/attempts.ts';
import type { Step } from '../../../../streams/work/step.ts';
import type {
  Attempt,
  Claim,
  Finished,
  HeldWork,
  Token,
  WorkId,
  WorkKey,
  WorkStore,
} from '../../../../streams/work/work.ts';
import { workIdOf } from '../../../../streams/work/work.ts';
import { boundedJson } from '../bounded-json.ts';
import { Bulk } from '../bulk.ts';
import type { WorkDocument } from '../documents.ts';
import { operation } from '../operation.ts';
import type { ForgottenMarks } from '../repositories/forgotten-marks.ts';
import type { DeadLetterClosing } from './dead-letter-closing.ts';
import { NOBODY, type TokenSource } from './token-source.ts';
import { WorkClaims } from './work-claims.ts';
import { spentIncrements, type WantedClaim } from './work-document.ts';
import { endAll, type WorkEnded, type WorkEnding } from './work-endings.ts';
import { WorkSteps } from './work-steps.ts';

export type WorkStoreParts<Result> = Readonly<{
  works: Collection<WorkDocument>;
  tokens: TokenSource;
  deadLetters: DeadLetterClosing;
  marks: ForgottenMarks;
  /** Checks each result that is read. */
  schema: z.ZodType<Result>;
  /** How long a claim of this process stands without a sign of life. */
  leaseMs?: number | undefined;
  /** Whether works of several stages stand in the collection. */
  named?: boolean;
}>;

const NOT_CLAIMED = { claim: { kind: 'dead' }, isNew: false } as const;

/** Claims and results of one paid stage, in a collection of its own. */
export class MongoWorkStore<Result> implements WorkStore<Result> {
  readonly #works: Collection<WorkDocument>;
  readonly #tokens: TokenSource;
  readonly #deadLetters: DeadLetterClosing;
  readonly #marks: ForgottenMarks;
  readonly #leaseMs: number | undefined;
  readonly #named: boolean;
  readonly #claims: WorkClaims<Result>;
  readonly #steps: WorkSteps;
  readonly #finding: Bulk<WorkId, Finished<Result> | null>;
  readonly #claiming: Bulk<WantedClaim, Claim<Result>>;
  readonly #ending: Bulk<WorkEnding, WorkEnded>;

  constructor({ works, tokens, deadLetters, marks, schema, leaseMs, named = false }: WorkStoreParts<Result>) {
    this.#named = named;
    this.#works = works;
    this.#tokens = tokens;
    this.#deadLetters = deadLetters;
    this.#marks = marks;
    this.#leaseMs = leaseMs;
    this.#claims = new WorkClaims(works, tokens, schema);
    this.#steps = new WorkSteps(works);
    this.#finding = new Bulk('reading results', (ids) => this.#claims.doneOf(ids));
    this.#claiming = new Bulk('claiming', (asks) => this.#claimAll(asks));
    this.#ending = new Bulk('storing results', (endings) => this.#endAll(endings));
  }

  async find(key: WorkKey): Promise<Finished<Result> | undefined> {
    return (await this.#finding.add(workIdOf(key))) ?? undefined;
  }

  claim(key: WorkKey): Promise<Claim<Result>> {
    return this.#holding((token) =>
      this.#claiming.add({ key, token, leaseMs: this.#leaseMs, named: this.#named }),
    );
  }

  takeOver(key: WorkKey, seen: Readonly<{ token: Token; renewal: number }>): Promise<Claim<Result>> {
    return this.#holding((token) =>
      operation('taking over a claim', async () => {
        const claim = await this.#claims.takeOver(
          { key, token, leaseMs: this.#leaseMs, named: this.#named },
          seen,
        );
        this.#deadLetters.mayHave(workIdOf(key));
        return (await this.#marks.sweep([key.questionId])).size > 0 ? { kind: 'forgotten' } : claim;
      }),
    );
  }

  async renew(held: readonly HeldWork[]): Promise<readonly WorkId[]> {
    return held.length === 0 ? [] : operation('renewing claims', () => this.#claims.renew(held));
  }

  async release({ workId, token }: HeldWork): Promise<void> {
    this.#tokens.drop(token);
    const filter = { _id: workId, token, state: 'claimed' as const };
    await operation('releasing a claim', () => this.#works.updateOne(filter, { $set: { token: NOBODY } }));
  }

  async recordAttempt({ workId, token }: HeldWork, attempt: Attempt): Promise<void> {
    const { startedAt, number } = attempt;
    // A repeated write finds its attempt recorded, and counts it no second time.
    const filter = {
      ...{ _id: workId, token, state: 'claimed' as const },
      attempts: { $not: { $elemMatch: { startedAt, number } } },
    };
    const update = { $push: { attempts: attempt }, $inc: spentIncrements([attempt]) };
    await operation('keeping an attempt', () => this.#works.updateOne(filter, update));
  }

  steps(workId: WorkId): Promise<readonly Step[]> {
    return this.#steps.of(workId);
  }

  appendStep(held: HeldWork, step: Step): Promise<'stored' | 'lost'> {
    return this.#steps.append(held, step);
  }

  dropSteps(held: HeldWork): Promise<void> {
    return this.#steps.drop(held);
  }

  async complete(held: HeldWork, finished: Finished<Result>): Promise<'stored' | 'lost'> {
    const { result, model, recipe, usage, costUsd } = finished;
    const attempts = [...finished.attempts];
    const made = { result: boundedJson(result), model, recipe, usage, costUsd };
    const last = answeringAttempt(finished);
    return this.#end(
      held,
      { state: 'done', ...made, attempts },
      spentIncrements(last === undefined ? [] : [last]),
    );
  }

  bury(held: HeldWork): Promise<'stored' | 'lost'> {
    return this.#end(held, { state: 'dead' });
  }

  async markPublished(workIds: readonly WorkId[]): Promise<void> {
    const filter = { _id: { $in: [...workIds] }, published: false };
    await operation('marking as published', () =>
      this.#works.updateMany(filter, { $set: { published: true } }),
    );
  }

  async #end(held: HeldWork, end: WorkEnding['end'], spent: WorkEnding['spent'] = {}): Promise<WorkEnded> {
    const ended = await this.#ending.add({ held, end: { ...end, updatedAt: new Date() }, spent });
    this.#tokens.drop(held.token);
    return ended;
  }

  /** A token is in use only if the claim is known to be ours. */
  async #holding(claiming: (token: Token) => Promise<Claim<Result>>): Promise<Claim<Result>> {
    const token = this.#tokens.next();
    let claimed = false;
    try {
      const claim = await claiming(token);
      claimed = claim.kind === 'claimed';
      return claim;
    } finally {
      if (!claimed) this.#tokens.drop(token);
    }
  }

  async #claimAll(asks: readonly WantedClaim[]): Promise<readonly Claim<Result>[]> {
    const claimed = await this.#claims.claimAll(asks);
    const ids = asks.map(({ key }) => workIdOf(key));
    await this.#deadLetters.close(ids.filter((_, index) => claimed[index]?.claim.kind === 'done'));
    const union = this.#deadLetters.unionOf(ids);
    const questions = asks.map(({ key }) => key.questionId);
    const { forgotten, found } = await this.#marks.sweepBeside(questions, union);
    const withDeadLetter = this.#deadLetters.in(found);
    return asks.map(({ key: { questionId } }, index): Claim<Result> => {
      const [id = '', { claim, isNew } = NOT_CLAIMED] = [ids[index], claimed[index]];
      const isForgotten = forgotten.has(questionId);
      if (isNew && !isForgotten && !withDeadLetter.has(id)) this.#deadLetters.hasNone(id);
      else this.#deadLetters.mayHave(id);
      return isForgotten ? { kind: 'forgotten' } : claim;
    });
  }

  /** The dead letter is closed by the process that ended the work, or by the next one that finds it done: a crash may come in between. */
  async #endAll(endings: readonly WorkEnding[]): Promise<readonly WorkEnded[]> {
    const ended = await endAll(this.#works, endings);
    const done = endings.filter(({ end }, index) => end.state === 'done' && ended[index] === 'stored');
    await this.#deadLetters.closeEnded(done.map(({ held }) => held.workId));
    return ended;
  }
}
