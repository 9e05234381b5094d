import { z } from 'zod';
import type { Question, Submission } from '../../../../stages/question.ts';
import type { RunInfo, RunRepository, StatusCounts, TopicCounts } from '../../../../stages/store/store.ts';
import { readStored } from '../../../../stages/store/table/read-stored.ts';
import type { QuestionId } from '../../../../streams/work/work.ts';
import { topicCounts, topicRow } from '../../stored/topic-counts.ts';
import type { Collections } from '../collections.ts';
import { countByStatus } from '../counts/question-counts.ts';
import { runDocumentSchema } from '../documents.ts';
import { operation, reading } from '../operation.ts';
import { byTopicOf, pendingOf } from '../reports/pipelines.ts';
import { storedQuestionOf, submissionOf } from '../work/question-documents.ts';

const pendingRow = z.object({ question: z.string(), submission: z.unknown() });

/** The runs and where their questions stand. */
export class MongoRuns implements RunRepository {
  readonly #collections: Collections;

  constructor(collections: Collections) {
    this.#collections = collections;
  }

  async open({ id, ...run }: RunInfo): Promise<void> {
    await operation('opening a run', () =>
      this.#collections.runs.replaceOne({ _id: id }, run, { upsert: true }),
    );
  }

  counts(run: string): Promise<StatusCounts> {
    return operation('counting a run', () => countByStatus(this.#collections, { runs: run }));
  }

  countsByTopic(run: string): Promise<readonly TopicCounts[]> {
    return operation('counting a run by topic', async () => {
      const rows = await this.#collections.questions.aggregate(byTopicOf(run)).toArray();
      return topicCounts(rows.map((row) => readStored(topicRow, row)));
    });
  }

  async includes(run: string, questionId: QuestionId): Promise<boolean> {
    const found = await operation('reading a run', () =>
      this.#collections.questions.findOne({ questionId, runs: run }, { projection: { _id: 1 } }),
    );
    return found !== null;
  }

  async *pending(run: string): AsyncGenerator<{ question: Question; submission: Submission }> {
    const { submissions, questions } = this.#collections;
    const rows = () =>
      questions.aggregate(pendingOf(run, submissions.collectionName, questions.collectionName));
    for await (const row of reading('reading a run', rows)) {
      const { question, submission } = readStored(pendingRow, row);
      yield { question: storedQuestionOf(question), submission: submissionOf(submission) };
    }
  }

  async latest(): Promise<RunInfo | undefined> {
    const [latest] = await operation('reading the latest run', () =>
      this.#collections.runs.find().sort({ startedAt: -1, _id: -1 }).limit(1).toArray(),
    );
    if (latest === undefined) return undefined;
    const { _id: id, ...run } = readStored(runDocumentSchema, latest);
    return { id, ...run };
  }
}
