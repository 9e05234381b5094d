import type { AnyBulkWriteOperation, Collection } from 'mongodb';
import { MongoBulkWriteError } from 'mongodb';
import type {
  Attempt,
  Claim,
  Finished,
  HeldWork,
  Token,
  WorkId,
  WorkKey,
  WorkStore,
} from '../../streams/work.ts';
import { workIdOf } from '../../streams/work.ts';
import { Bulk } from './bulk.ts';
import type { WorkDocument } from './documents.ts';
import { classifyMongo, DUPLICATE_KEY } from './mongo-failure.ts';
import type { TokenSource } from './token-source.ts';

const NO_USAGE = { input: 0, output: 0, cached: 0, reasoning: 0 };
const NOTHING_FAILED = { attempts: 0, usage: NO_USAGE, costUsd: 0, unpriced: 0 };

type Ask = Readonly<{ key: WorkKey; token: Token }>;
type Update = AnyBulkWriteOperation<WorkDocument>;
type Ending = Readonly<{ held: HeldWork; state: 'done' | 'dead'; update: Update }>;

/**
 * Claims and results of one paid stage, in a collection of its own. A claim is an insert, and 11000 says that someone
 * was faster; everything else is a compare-and-set on the token. A write whose result is not known is repeated, and
 * recognises its own first copy by the token.
 */
export class MongoWorkStore<Result> implements WorkStore<Result> {
  readonly #works: Collection<WorkDocument>;
  readonly #tokens: TokenSource;
  readonly #parse: (value: unknown) => Result;
  readonly #claims: Bulk<Ask, Claim<Result>>;
  readonly #endings: Bulk<Ending, 'stored' | 'lost'>;

  /** @param parse checks what is read; throws a Failure if it is no result of this stage. */
  constructor(works: Collection<WorkDocument>, tokens: TokenSource, parse: (value: unknown) => Result) {
    this.#works = works;
    this.#tokens = tokens;
    this.#parse = parse;
    this.#claims = new Bulk('claiming', (asks) => this.#claimAll(asks));
    this.#endings = new Bulk('storing results', (endings) => this.#endAll(endings));
  }

  claim(key: WorkKey): Promise<Claim<Result>> {
    const token = this.#tokens.next();
    return this.#keepingInUse(token, this.#claims.add({ key, token }));
  }

  async takeOver(key: WorkKey, seen: Readonly<{ token: Token; renewal: number }>): Promise<Claim<Result>> {
    const token = this.#tokens.next();
    const filter = {
      _id: workIdOf(key),
      state: 'claimed' as const,
      token: seen.token,
      renewal: seen.renewal,
    };
    const taking = this.#doing('taking over a claim', async () => {
      await this.#works.updateOne(filter, {
        $set: { token, renewal: 0, drive: key.drive, updatedAt: new Date() },
      });
      return this.#standing({ key, token });
    });
    return this.#keepingInUse(token, taking);
  }

  async renew(held: readonly HeldWork[]): Promise<readonly WorkId[]> {
    if (held.length === 0) return [];
    const operations = held.map(
      ({ workId, token }): Update => ({
        updateOne: { filter: { _id: workId, token, state: 'claimed' }, update: { $inc: { renewal: 1 } } },
      }),
    );
    return this.#doing('renewing claims', async () => {
      const { matchedCount } = await this.#works.bulkWrite(operations, { ordered: false });
      return matchedCount === held.length ? [] : this.#lostOf(held);
    });
  }

  async release({ workId, token }: HeldWork): Promise<void> {
    this.#tokens.drop(token);
    const filter = { _id: workId, token, state: 'claimed' as const };
    await this.#doing('releasing a claim', () =>
      this.#works.updateOne(filter, { $set: { token: '' as Token } }),
    );
  }

  async recordAttempt({ workId, token }: HeldWork, attempt: Attempt): Promise<void> {
    const { usage, costUsd } = attempt;
    // The condition makes a repeat harmless: the attempt is there already.
    const filter = {
      _id: workId,
      token,
      attempts: { $not: { $elemMatch: { startedAt: attempt.startedAt } } },
    };
    const update = {
      $push: { attempts: attempt },
      $inc: {
        'failed.attempts': 1,
        'failed.usage.input': usage.input,
        'failed.usage.output': usage.output,
        'failed.usage.cached': usage.cached,
        'failed.usage.reasoning': usage.reasoning,
        'failed.costUsd': costUsd ?? 0,
        'failed.unpriced': costUsd === null ? 1 : 0,
      },
    };
    await this.#doing('keeping an attempt', () => this.#works.updateOne(filter, update));
  }

  async complete(held: HeldWork, finished: Finished<Result>): Promise<'stored' | 'lost'> {
    const { workId, token } = held;
    const { result, model, recipe, usage, costUsd, attempts } = finished;
    const update: Update = {
      updateOne: {
        filter: { _id: workId, token, state: 'claimed' },
        update: {
          $set: {
            state: 'done',
            result: JSON.stringify(result),
            ...{ model, recipe, usage, costUsd, attempts: [...attempts] },
            updatedAt: new Date(),
          },
        },
      },
    };
    const outcome = await this.#endings.add({ held, state: 'done', update });
    this.#tokens.drop(token);
    return outcome;
  }

  async bury(held: HeldWork): Promise<'stored' | 'lost'> {
    const { workId, token } = held;
    const update: Update = {
      updateOne: {
        filter: { _id: workId, token, state: 'claimed' },
        update: { $set: { state: 'dead', updatedAt: new Date() } },
      },
    };
    const outcome = await this.#endings.add({ held, state: 'dead', update });
    this.#tokens.drop(token);
    return outcome;
  }

  async markPublished(workIds: readonly WorkId[]): Promise<void> {
    const filter = { _id: { $in: [...workIds] }, published: false };
    await this.#doing('marking as published', () =>
      this.#works.updateMany(filter, { $set: { published: true } }),
    );
  }

  async #claimAll(asks: readonly Ask[]): Promise<readonly Claim<Result>[]> {
    const taken = await this.#insertAll(asks);
    return Promise.all(asks.map((ask, index) => (taken.has(index) ? this.#decide(ask) : claimedBy(ask))));
  }

  /** A token is in use only if the claim is known to be ours. */
  async #keepingInUse(token: Token, claiming: Promise<Claim<Result>>): Promise<Claim<Result>> {
    let claimed = false;
    try {
      const claim = await claiming;
      claimed = claim.kind === 'claimed';
      return claim;
    } finally {
      if (!claimed) this.#tokens.drop(token);
    }
  }

  /** Inserts the claims, and answers the positions of those where something stands already. */
  async #insertAll(asks: readonly Ask[]): Promise<ReadonlySet<number>> {
    try {
      await this.#works.insertMany(asks.map(newWork), { ordered: false });
      return new Set();
    } catch (error) {
      if (!(error instanceof MongoBulkWriteError)) throw error;
      const failed = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors];
      if (failed.some(({ code }) => code !== DUPLICATE_KEY)) throw error;
      return new Set(failed.map(({ index }) => index));
    }
  }

  async #decide({ key, token }: Ask): Promise<Claim<Result>> {
    const work = await this.#works.findOne({ _id: workIdOf(key) });
    if (work === null) return this.#claims.add({ key, token });
    const abandoned = work.state === 'claimed' && this.#tokens.isForgotten(work.token);
    const redriven = work.state === 'dead' && key.drive > work.drive;
    if (!abandoned && !redriven) return this.#claimOf(work, token);
    const seen = { _id: work._id, state: work.state, token: work.token, drive: work.drive };
    const update = { state: 'claimed' as const, token, renewal: 0, drive: key.drive, updatedAt: new Date() };
    await this.#works.updateOne(seen, { $set: update });
    return this.#standing({ key, token });
  }

  async #standing({ key, token }: Ask): Promise<Claim<Result>> {
    const work = await this.#works.findOne({ _id: workIdOf(key) });
    return work === null ? this.#claims.add({ key, token }) : this.#claimOf(work, token);
  }

  #claimOf(work: WorkDocument, ours: Token): Claim<Result> {
    switch (work.state) {
      case 'claimed':
        if (work.token === ours) return { kind: 'claimed', token: ours, attempts: work.attempts };
        return { kind: 'held', token: work.token, renewal: work.renewal };
      case 'dead':
        return { kind: 'dead' };
      case 'done': {
        const { model, recipe, usage, costUsd, attempts, published } = work;
        const result = this.#parse(JSON.parse(work.result ?? 'null'));
        return { kind: 'done', finished: { result, model, recipe, usage, costUsd, attempts }, published };
      }
      default:
        return work.state satisfies never;
    }
  }

  async #endAll(endings: readonly Ending[]): Promise<readonly ('stored' | 'lost')[]> {
    const { matchedCount } = await this.#works.bulkWrite(
      endings.map(({ update }) => update),
      { ordered: false },
    );
    if (matchedCount === endings.length) return endings.map(() => 'stored');
    // The server answers one sum for all: who came short is read back.
    const ids = endings.map(({ held }) => held.workId);
    const works = await this.#works
      .find({ _id: { $in: ids } }, { projection: { token: 1, state: 1 } })
      .toArray();
    const byId = new Map(works.map((work) => [work._id, work]));
    return endings.map(({ held, state }) => {
      const work = byId.get(held.workId);
      return work?.token === held.token && work.state === state ? 'stored' : 'lost';
    });
  }

  async #lostOf(held: readonly HeldWork[]): Promise<readonly WorkId[]> {
    const ids = held.map(({ workId }) => workId);
    const works = await this.#works
      .find({ _id: { $in: ids } }, { projection: { token: 1, state: 1 } })
      .toArray();
    const ours = new Set(
      works.filter(({ state }) => state === 'claimed').map(({ _id, token }) => `${_id} ${token}`),
    );
    return held.filter(({ workId, token }) => !ours.has(`${workId} ${token}`)).map(({ workId }) => workId);
  }

  async #doing<T>(doing: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw classifyMongo(error, doing);
    }
  }
}

function claimedBy<Result>({ token }: Ask): Claim<Result> {
  return { kind: 'claimed', token, attempts: [] };
}

function newWork({ key, token }: Ask): WorkDocument {
  const { lane, questionId, revision, drive } = key;
  return {
    _id: workIdOf(key),
    lane,
    questionId,
    revision,
    state: 'claimed',
    token,
    renewal: 0,
    drive,
    attempts: [],
    failed: NOTHING_FAILED,
    result: null,
    model: '',
    recipe: '',
    usage: NO_USAGE,
    costUsd: null,
    published: false,
    updatedAt: new Date(),
  };
}
