import type { Document } from 'mongodb';
import { z } from 'zod';
import type { AgreementWithPeople } from '../../../../stages/store/shadow-repository.ts';
import { readStored } from '../../../../stages/store/table/read-stored.ts';
import type { Collections } from '../collections.ts';
import { operation } from '../operation.ts';

/** By whether the person went with the live judge. */
const sideDocument = z.object({ _id: z.boolean(), count: z.number() });

/** With whom people went where a shadow judge and the live one differ. Rejects with a Failure. */
export async function readAgreementWithPeople(
  { shadowVerdicts, decisions }: Pick<Collections, 'shadowVerdicts' | 'decisions'>,
  shadow: string,
): Promise<AgreementWithPeople> {
  const pipeline = agreementPipeline(shadow, decisions.collectionName, shadowVerdicts.collectionName);
  const rows = await operation('comparing with what people decided', () =>
    shadowVerdicts.aggregate(pipeline).toArray(),
  );
  const sides = rows.map((row) => readStored(sideDocument, row));
  const count = (withLive: boolean) => sides.find(({ _id }) => _id === withLive)?.count ?? 0;
  return { withLive: count(true), withShadow: count(false) };
}

/**
 * With whom people went where a shadow judge and the live one differ, by the last decision that stands.
 *
 * @param decisions name of the collection of decisions.
 * @param verdicts name of the collection that the pipeline is for.
 */
export function agreementPipeline(shadow: string, decisions: string, verdicts: string): Document[] {
  const key = { $concat: ['$lane', '/', '$questionId', '/', { $toString: '$revision' }] };
  const approved = { $eq: ['$decided.verdict', 'approve'] };
  return [
    { $match: { shadow, agrees: false } },
    { $project: { _id: 0, live: 1, lane: 1, questionId: 1, revision: 1, key } },
    // Most were never decided: only for the others is more looked up.
    { $lookup: { from: decisions, localField: 'key', foreignField: '_id', as: 'own' } },
    { $match: { own: { $ne: [] } } },
    { $lookup: lastDecision(shadow, decisions, verdicts) },
    { $unwind: '$decided' },
    { $group: { _id: { $eq: [approved, { $eq: ['$live', 'approved'] }] }, count: { $sum: 1 } } },
  ];
}

const BY_QUESTION = { localField: 'questionId', foreignField: 'questionId' };
const IN_LANE = { $eq: ['$lane', '$$lane'] };

/** Up to the shadow's next verdict on the question: a decision after that one is about another candidate. */
function lastDecision(shadow: string, decisions: string, verdicts: string): Document {
  const since = { $expr: { $and: [IN_LANE, { $gte: ['$revision', '$$revision'] }] } };
  const pipeline = [
    { $match: { undone: false, verdict: { $ne: 'undo' }, ...since } },
    { $lookup: nextVerdict(shadow, verdicts) },
    { $match: { next: [] } },
    { $sort: { revision: -1 } },
    { $limit: 1 },
    { $project: { _id: 0, verdict: 1 } },
  ];
  const about = { lane: '$lane', revision: '$revision' };
  return { from: decisions, ...BY_QUESTION, let: about, pipeline, as: 'decided' };
}

/** Before the decision in hand, or on its own revision. */
function nextVerdict(shadow: string, verdicts: string): Document {
  const between = [{ $gt: ['$revision', '$$revision'] }, { $lte: ['$revision', '$$decidedAt'] }];
  const pipeline = [
    { $match: { shadow, $expr: { $and: [IN_LANE, ...between] } } },
    { $limit: 1 },
    { $project: { _id: 1 } },
  ];
  return { from: verdicts, ...BY_QUESTION, let: { decidedAt: '$revision' }, pipeline, as: 'next' };
}
