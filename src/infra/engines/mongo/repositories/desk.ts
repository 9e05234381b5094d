import type { Collection, Document, Filter } from 'mongodb';
import type { Decision } from '../../../../stages/store/decision.ts';
import type {
  DeskAnswer,
  DeskBook,
  DeskClaim,
  DeskEntry,
  DeskPage,
  DeskQuery,
  HoldReason,
} from '../../../../stages/store/desk.ts';
import { placeOf, placeText } from '../../../../stages/store/table/place.ts';
import type { Waiting } from '../../../../streams/delivery/question-book.ts';
import type { LaneName, QuestionId, Token, WorkKey } from '../../../../streams/work/work.ts';
import { insertNew } from '../insert-new.ts';
import { operation } from '../operation.ts';
import { questionKey } from '../work/question-documents.ts';
import { MongoDecisions } from './decisions.ts';
import { type DecisionDocument, type DeskDocument, entryOf } from './desk-documents.ts';
import type { ForgottenMarks } from './forgotten-marks.ts';

const NEVER = new Date(0);
/** A claim that ran out, by the server's clock, is nobody's. */
const LIVE = { $gt: ['$until', '$$NOW'] };
const SHOWN = { $set: { claimedBy: { $cond: [LIVE, '$reviewer', null] } } };

/** The queue of one database: every claim is a compare-and-set, so a question is in one reviewer's hands. */
export class MongoDesk extends MongoDecisions implements DeskBook {
  readonly #desk: Collection<DeskDocument>;
  readonly #marks: ForgottenMarks;

  constructor(
    desk: Collection<DeskDocument>,
    decisions: Collection<DecisionDocument>,
    marks: ForgottenMarks,
  ) {
    super(decisions);
    this.#desk = desk;
    this.#marks = marks;
  }

  async put(work: WorkKey, { why, shown }: Waiting): Promise<void> {
    const { lane, questionId, revision } = work;
    const _id = questionKey(work);
    const free = { state: 'waiting' as const, reviewer: null, token: null, until: NEVER };
    const held = { revision, why, shown, heldAt: new Date(), ...free };
    await operation('queueing for review', async () => {
      const known = await insertNew(this.#desk, [{ _id, lane, questionId, ...held }]);
      if (known.size > 0) await this.#desk.updateOne({ _id, revision: { $lt: revision } }, { $set: held });
      await this.#marks.sweep([questionId]);
    });
  }

  async queue({ lane, why, from, limit }: DeskQuery): Promise<DeskPage> {
    const filter: Document = {
      lane,
      state: 'waiting',
      ...(why === undefined ? {} : { why }),
      ...(from === undefined ? {} : after(from)),
    };
    const pipeline = [{ $match: filter }, { $sort: { heldAt: 1, _id: 1 } }, { $limit: limit }, SHOWN];
    const rows = await operation('reading the queue', () => this.#desk.aggregate(pipeline).toArray());
    const entries = rows.map(entryOf);
    const last = entries.length < limit ? undefined : entries.at(-1);
    const next =
      last === undefined
        ? undefined
        : placeText({ at: String(Date.parse(last.heldAt)), id: questionKey(last) });
    return { entries, next };
  }

  waiting(lane: LaneName): Promise<number> {
    return operation('counting the queue', () => this.#desk.countDocuments({ lane, state: 'waiting' }));
  }

  async find(lane: LaneName, questionId: QuestionId): Promise<DeskEntry | undefined> {
    const _id = questionKey({ lane, questionId });
    const [row] = await operation('reading the queue', () =>
      this.#desk.aggregate([{ $match: { _id } }, SHOWN]).toArray(),
    );
    return row === undefined ? undefined : entryOf(row);
  }

  async claimNext(lane: LaneName, claim: DeskClaim, why?: HoldReason): Promise<DeskEntry | undefined> {
    const wanted = { lane, state: 'waiting', ...(why === undefined ? {} : { why }) };
    const mine = { ...wanted, reviewer: claim.reviewer, $expr: LIVE };
    const free = { ...wanted, $expr: { $not: LIVE } };
    return (await this.#take(mine, claim)) ?? (await this.#take(free, claim));
  }

  async claim(lane: LaneName, questionId: QuestionId, claim: DeskClaim): Promise<DeskAnswer> {
    const _id = questionKey({ lane, questionId });
    const mine = { $or: [{ $eq: ['$reviewer', { $literal: claim.reviewer }] }, { $not: LIVE }] };
    const entry = await this.#take({ _id, state: 'waiting', $expr: mine }, claim);
    if (entry !== undefined) return { kind: 'claimed', entry };
    const standing = await this.find(lane, questionId);
    return standing?.state === 'waiting' && standing.claimedBy !== undefined
      ? { kind: 'taken', by: standing.claimedBy }
      : { kind: 'gone' };
  }

  async holds(lane: LaneName, questionId: QuestionId, token: Token): Promise<boolean> {
    const filter = { _id: questionKey({ lane, questionId }), token, $expr: LIVE };
    return (await operation('looking at a claim', () => this.#desk.findOne(filter))) !== null;
  }

  async release(lane: LaneName, questionId: QuestionId, token: Token): Promise<void> {
    const filter = { _id: questionKey({ lane, questionId }), token };
    await operation('giving a claim back', () => this.#desk.updateOne(filter, { $set: { until: NEVER } }));
  }

  keep(work: WorkKey, decision: Decision): Promise<Decision> {
    const decided = { _id: questionKey(work), revision: { $lte: work.revision } };
    return operation('keeping a decision', async () => {
      const standing = await this.insert(work, decision);
      await this.#desk.updateOne(decided, { $set: { state: 'decided', until: NEVER } });
      await this.#marks.sweep([work.questionId]);
      return standing;
    });
  }

  async #take(filter: Document, { reviewer, token, forMs }: DeskClaim): Promise<DeskEntry | undefined> {
    const set = {
      reviewer: { $literal: reviewer },
      token: { $literal: token },
      until: { $add: ['$$NOW', forMs] },
    };
    let tries = 0;
    const taken = await operation('claiming for review', async () => {
      tries += 1;
      // A repeat after a lost reply has what the first try took, and takes no other.
      const before = tries === 1 ? null : await this.#desk.findOne({ token, state: 'waiting' });
      return (
        before ??
        this.#desk.findOneAndUpdate(filter as Filter<DeskDocument>, [{ $set: set }], {
          sort: { heldAt: 1, _id: 1 },
          returnDocument: 'after',
        })
      );
    });
    return taken === null ? undefined : entryOf({ ...taken, claimedBy: reviewer });
  }
}

function after(place: string): Document {
  const { at, id } = placeOf(place);
  const heldAt = new Date(Number(at));
  return { $or: [{ heldAt: { $gt: heldAt } }, { heldAt, _id: { $gt: id } }] };
}
