import type { Document } from 'mongodb';
import type { LaneName } from '../../../../streams/work/work.ts';

/** Over outcomes: rows of `{outcome, submission?}`, each with one of those who asked, in whatever lane. */
export function inOrderOfArrival(lane: LaneName, submissions: string): Document[] {
  return [
    { $match: { lane } },
    { $sort: { arrivedAt: 1, _id: 1 } },
    {
      $lookup: {
        from: submissions,
        localField: 'questionId',
        foreignField: 'questionId',
        pipeline: [{ $limit: 1 }],
        as: 'asked',
      },
    },
    { $project: { _id: 0, outcome: '$$ROOT', submission: { $first: '$asked' } } },
  ];
}

/** Over questions: rows of `{question, submission}`. Sorted before the texts are there, which are large. */
export function pendingOf(run: string, submissions: string, questions: string): Document[] {
  return [
    { $match: { runs: run, status: 'pending' } },
    { $project: { key: { $concat: [{ $literal: `${run}/` }, '$_id'] } } },
    { $lookup: { from: submissions, localField: 'key', foreignField: '_id', as: 'submission' } },
    { $unwind: '$submission' },
    { $sort: { 'submission.position': 1 } },
    { $lookup: { from: questions, localField: '_id', foreignField: '_id', as: 'known' } },
    { $unwind: '$known' },
    { $project: { _id: 0, question: '$known.question', submission: 1 } },
  ];
}

/** Over questions, ordered by id: rows of `{questionId, question, status, outcome?}`, the outcome as the status names it. */
export function standingOf(
  lane: LaneName,
  { dataset, rejections }: Readonly<{ dataset: string; rejections: string }>,
): Document[] {
  const ended = (from: string, status: string) => ({
    $lookup: {
      from,
      localField: '_id',
      foreignField: '_id',
      let: { status: '$status' },
      pipeline: [{ $match: { $expr: { $eq: ['$$status', status] } } }],
      as: status,
    },
  });
  return [
    // `0` follows `/` in the order of bytes.
    { $match: { _id: { $gte: `${lane}/`, $lt: `${lane}0` } } },
    { $sort: { _id: 1 } },
    ended(dataset, 'approved'),
    ended(rejections, 'rejected'),
    {
      $project: {
        ...{ _id: 0, questionId: 1, question: 1, status: 1 },
        outcome: { $first: { $concatArrays: ['$approved', '$rejected'] } },
      },
    },
  ];
}

/** Over questions: rows of `{topic, subTopic, status, n}`. Read from the index `run_topics` alone. */
export function byTopicOf(run: string): Document[] {
  // Questions that were stored before sub-topics stood in a field of their own count without one.
  const subTopic = { $ifNull: ['$subTopic', ''] };
  return [
    { $match: { runs: run } },
    { $group: { _id: { topic: '$topic', subTopic, status: '$status' }, n: { $sum: 1 } } },
    { $project: { _id: 0, topic: '$_id.topic', subTopic: '$_id.subTopic', status: '$_id.status', n: 1 } },
  ];
}
