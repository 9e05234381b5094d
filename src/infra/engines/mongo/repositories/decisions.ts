import type { Collection, Document, Filter } from 'mongodb';
import { z } from 'zod';
import type { Decision } from '../../../../stages/store/decision.ts';
import type {
  DecidedCount,
  DecisionPage,
  DecisionQuery,
  StoredDecision,
} from '../../../../stages/store/desk.ts';
import { placeOf, placeText } from '../../../../stages/store/table/place.ts';
import { readStored } from '../../../../stages/store/table/read-stored.ts';
import type { LaneName, QuestionId, WorkKey } from '../../../../streams/work/work.ts';
import { boundedJson } from '../bounded-json.ts';
import { insertNew } from '../insert-new.ts';
import { operation } from '../operation.ts';
import { questionKey } from '../work/question-documents.ts';
import { type DecisionDocument, storedDecisionOf } from './desk-documents.ts';

const countDocument = z.object({
  _id: z.object({
    day: z.string(),
    judge: z.enum(['approved', 'rejected']),
    verdict: z.enum(['approve', 'reject', 'edit']),
  }),
  count: z.number(),
});

/** What people decided, in one collection. */
export class MongoDecisions {
  readonly #decisions: Collection<DecisionDocument>;

  constructor(decisions: Collection<DecisionDocument>) {
    this.#decisions = decisions;
  }

  /** The first one of a revision counts. Rejects with the driver's errors. */
  protected async insert(work: WorkKey, decision: Decision): Promise<Decision> {
    const { lane, questionId, revision } = work;
    const key = questionKey(work);
    const { reviewer, verdict, judge, at } = decision;
    const said = { reviewer, verdict, judge, at, decision: boundedJson(decision), undone: false };
    const document = { _id: `${key}/${revision}`, lane, questionId, revision, ...said };
    const known = await insertNew(this.#decisions, [document]);
    const standing = known.size === 0 ? document : await this.#decisions.findOne({ _id: document._id });
    const stands = standing === null ? decision : storedDecisionOf(standing);
    if (stands.verdict === 'undo')
      await this.#decisions.updateOne({ _id: `${key}/${revision - 1}` }, { $set: { undone: true } });
    return stands;
  }

  async decisionsOn(lane: LaneName, questionId: QuestionId): Promise<readonly StoredDecision[]> {
    const key = questionKey({ lane, questionId });
    const about = { _id: { $gte: `${key}/`, $lt: `${key}0` } };
    const found = await operation('reading decisions', () =>
      this.#decisions.find(about).sort({ revision: 1 }).toArray(),
    );
    return found.map(storedDecisionOf);
  }

  async decisions({ lane, reviewer, from, limit }: DecisionQuery): Promise<DecisionPage> {
    const filter: Filter<DecisionDocument> = {
      lane,
      ...(reviewer === undefined ? {} : { reviewer }),
      ...(from === undefined ? {} : before(from)),
    };
    const found = await operation('reading decisions', () =>
      this.#decisions.find(filter).sort({ at: -1, _id: -1 }).limit(limit).toArray(),
    );
    const last = found.length < limit ? undefined : found.at(-1);
    const next = last === undefined ? undefined : placeText({ at: last.at, id: last._id });
    return { decisions: found.map(storedDecisionOf), next };
  }

  async decided(lane: LaneName, sinceDay: string): Promise<readonly DecidedCount[]> {
    const counted = { lane, at: { $gte: sinceDay }, undone: false, verdict: { $ne: 'undo' } };
    const day = { $substrBytes: ['$at', 0, 10] };
    const pipeline: Document[] = [
      { $match: counted },
      { $group: { _id: { day, judge: '$judge', verdict: '$verdict' }, count: { $sum: 1 } } },
      { $sort: { '_id.day': 1 } },
    ];
    const rows = await operation('counting decisions', () => this.#decisions.aggregate(pipeline).toArray());
    return rows.map((row) => {
      const { _id, count } = readStored(countDocument, row);
      return { ..._id, count };
    });
  }
}

function before(place: string): Filter<DecisionDocument> {
  const { at, id } = placeOf(place);
  return { $or: [{ at: { $lt: at } }, { at, _id: { $lt: id } }] };
}
