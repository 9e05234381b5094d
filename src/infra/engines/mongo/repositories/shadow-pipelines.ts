import type { Document } from 'mongodb';

/** How verdicts of a shadow judge fell by day. They are read from the index `counts` alone. */
export function shadowCountsPipeline(shadow: string, sinceDay: string): Document[] {
  const sums = { count: { $sum: 1 }, scoreDifference: { $sum: '$difference' } };
  return [
    { $match: { shadow, day: { $gte: sinceDay } } },
    { $group: { _id: { day: '$day', live: '$live', verdict: '$verdict' }, ...sums } },
    { $sort: { '_id.day': 1, '_id.live': 1, '_id.verdict': 1 } },
  ];
}

/**
 * With whom people went where a shadow judge and the live one differ, by the last decision that stands.
 *
 * @param decisions name of the collection of decisions.
 * @param verdicts name of the collection that the pipeline is for.
 */
export function sidedPipeline(shadow: string, decisions: string, verdicts: string): Document[] {
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
