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
 * With whom people went where a shadow judge and the live one differ.
 *
 * @param decisions name of the collection of decisions.
 */
export function sidedPipeline(shadow: string, decisions: string): Document[] {
  const decision = { $concat: ['$lane', '/', '$questionId', '/', { $toString: '$revision' }] };
  const approved = { $eq: ['$decided.verdict', 'approve'] };
  return [
    { $match: { shadow, agrees: false } },
    { $project: { _id: 0, live: 1, decision } },
    { $lookup: { from: decisions, localField: 'decision', foreignField: '_id', as: 'decided' } },
    { $unwind: '$decided' },
    { $match: { 'decided.undone': false, 'decided.verdict': { $ne: 'undo' } } },
    { $group: { _id: { $eq: [approved, { $eq: ['$live', 'approved'] }] }, count: { $sum: 1 } } },
  ];
}
