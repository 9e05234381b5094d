import type { AnyBulkWriteOperation, Collection } from 'mongodb';
import { z } from 'zod';
import { readStored } from '../../../../stages/store/table/read-stored.ts';
import {
  type Claim,
  type Finished,
  type HeldWork,
  type Token,
  type WorkId,
  workIdOf,
} from '../../../../streams/work/work.ts';
import { type WorkDocument, workDocumentSchema } from '../documents.ts';
import { insertNew } from '../insert-new.ts';
import type { TokenSource } from './token-source.ts';
import { claimedWorkDocument, claimOf, finishedOf, type WantedClaim } from './work-document.ts';

type Works = ReadonlyMap<string, WorkDocument>;
/** `isNew`: nobody had ever claimed the work. */
export type ClaimedWork<Result> = Readonly<{ claim: Claim<Result>; isNew: boolean }>;

const worksSchema = z.array(workDocumentSchema);
/** Steps are read where the work goes on. */
const projection = { steps: 0 };

/**
 * Who holds a work. A claim is an insert, and 11000 says that someone was faster; everything else is a compare-and-set
 * on the token. Repeated with the same token, each recognises its own first copy. Rejects with the driver's errors.
 */
export class WorkClaims<Result> {
  readonly #works: Collection<WorkDocument>;
  readonly #tokens: TokenSource;
  readonly #schema: z.ZodType<Result>;

  constructor(works: Collection<WorkDocument>, tokens: TokenSource, schema: z.ZodType<Result>) {
    this.#works = works;
    this.#tokens = tokens;
    this.#schema = schema;
  }

  /** One answer per ask, in order. */
  async claimAll(asks: readonly WantedClaim[]): Promise<readonly ClaimedWork<Result>[]> {
    const taken = await insertNew(this.#works, asks.map(claimedWorkDocument));
    const others = asks.filter((_, index) => taken.has(index));
    const existing: Works = others.length === 0 ? new Map() : await this.#existingOf(others);
    return Promise.all(
      asks.map(async (ask, index): Promise<ClaimedWork<Result>> => {
        if (!taken.has(index))
          return { claim: { kind: 'claimed', token: ask.token, attempts: [] }, isNew: true };
        const work = existing.get(workIdOf(ask.key));
        const claim = work === undefined ? this.#claimOne(ask) : claimOf(work, ask.token, this.#schema);
        return { claim: await claim, isNew: false };
      }),
    );
  }

  /** The result of each work that is done, in order; `null` for the others. */
  async doneOf(ids: readonly WorkId[]): Promise<readonly (Finished<Result> | null)[]> {
    const found = await this.#works.find({ _id: { $in: [...ids] }, state: 'done' }, { projection }).toArray();
    const done = new Map(readStored(worksSchema, found).map((work) => [work._id, work]));
    return ids.map((id) => {
      const work = done.get(id);
      return work === undefined ? null : finishedOf(work, this.#schema);
    });
  }

  async takeOver(
    ask: WantedClaim,
    seen: Readonly<{ token: Token; renewal: number }>,
  ): Promise<Claim<Result>> {
    await this.#works.updateOne(
      { _id: workIdOf(ask.key), state: 'claimed', token: seen.token, renewal: seen.renewal },
      taking(ask),
    );
    return this.#claimOne(ask);
  }

  /** Returns those that are not held any more. */
  async renew(held: readonly HeldWork[]): Promise<readonly WorkId[]> {
    const mine = {
      _id: { $in: held.map(({ workId }) => workId) },
      token: { $in: held.map(({ token }) => token) },
      state: 'claimed' as const,
    };
    const { matchedCount } = await this.#works.updateMany(mine, { $inc: { renewal: 1 } });
    if (matchedCount === held.length) return [];
    const found = await this.#works.find(mine, { projection: { token: 1 } }).toArray();
    const ours = new Set(found.map(({ token }) => token));
    return held.filter(({ token }) => !ours.has(token)).map(({ workId }) => workId);
  }

  /** For one that somebody deleted in between, and for one that was just taken over. */
  async #claimOne(ask: WantedClaim): Promise<Claim<Result>> {
    const [claimed] = await this.claimAll([ask]);
    return claimed?.claim ?? { kind: 'dead' };
  }

  /** What stands there, once everything that nobody holds was taken. */
  async #existingOf(asks: readonly WantedClaim[]): Promise<Works> {
    const before = await this.#find(asks);
    const takes = asks.flatMap((ask) => this.#takeIfFree(ask, before.get(workIdOf(ask.key))));
    if (takes.length === 0) return before;
    await this.#works.bulkWrite(takes, { ordered: false });
    return this.#find(asks);
  }

  #takeIfFree(ask: WantedClaim, work: WorkDocument | undefined): AnyBulkWriteOperation<WorkDocument>[] {
    if (work === undefined) return [];
    const { _id, state, token, drive } = work;
    const abandoned = state === 'claimed' && this.#tokens.isForgotten(token);
    const redriven = state === 'dead' && ask.key.drive > drive;
    if (!abandoned && !redriven) return [];
    return [{ updateOne: { filter: { _id, state, token, drive }, update: taking(ask) } }];
  }

  async #find(asks: readonly WantedClaim[]): Promise<Works> {
    const ids = asks.map(({ key }) => workIdOf(key));
    const found = await this.#works.find({ _id: { $in: ids } }, { projection }).toArray();
    return new Map(readStored(worksSchema, found).map((work) => [work._id, work]));
  }
}

function taking({ key, token, leaseMs }: WantedClaim) {
  // A late record of an earlier drive must not make a later one look new.
  const drive = { drive: key.drive };
  const lease = leaseMs === undefined ? {} : { leaseMs };
  return {
    $set: { state: 'claimed' as const, token, renewal: 0, updatedAt: new Date(), ...lease },
    $max: drive,
  };
}
