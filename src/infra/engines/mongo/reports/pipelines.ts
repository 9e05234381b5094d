import type { Document } from 'mongodb';

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
