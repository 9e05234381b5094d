import type { Document } from 'mongodb';
import { Runs } from '../../../../stages/store/repositories/runs.ts';
import type { StatusCounts } from '../../../../stages/store/store.ts';
import type { Tables } from '../../../../stages/store/table/table.ts';
import type { Collections } from '../collections.ts';
import { countByStatus } from '../counts/question-counts.ts';
import { operation } from '../operation.ts';

/** The runs and where their questions stand. */
export class MongoRuns extends Runs {
  readonly #collections: Collections;

  constructor(tables: Tables, collections: Collections) {
    super(tables);
    this.#collections = collections;
  }

  counts(run: string): Promise<StatusCounts> {
    return operation('counting a run', () => countByStatus(this.#collections, { runs: run }));
  }

  protected topicRows(run: string): Promise<readonly Document[]> {
    return operation('counting a run by topic', () =>
      this.#collections.questions.aggregate(byTopicOf(run)).toArray(),
    );
  }
}

/** Over questions: rows of `{topic, subTopic, status, count}`. Read from the index `run_topics` alone. */
function byTopicOf(run: string): Document[] {
  // Questions that were stored before sub-topics stood in a field of their own count without one.
  const subTopic = { $ifNull: ['$subTopic', ''] };
  return [
    { $match: { runs: run } },
    { $group: { _id: { topic: '$topic', subTopic, status: '$status' }, count: { $sum: 1 } } },
    { $project: { _id: 0, topic: '$_id.topic', subTopic: '$_id.subTopic', status: '$_id.status', count: 1 } },
  ];
}
