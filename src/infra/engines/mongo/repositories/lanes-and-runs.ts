import type { Collection } from 'mongodb';
import { z } from 'zod';
import { type Lane, type LaneBook, laneSchema } from '../../../../stages/lanes/lane.ts';
import { laneText } from '../../../../stages/lanes/withheld.ts';
import type { Question, Submission } from '../../../../stages/question.ts';
import type { RunBook, RunInfo, StatusCounts, TopicCounts } from '../../../../stages/store/store.ts';
import { jsonText, readStored } from '../../../../stages/store/table/read-stored.ts';
import type { LaneName, QuestionId } from '../../../../streams/work/work.ts';
import { topicCounts, topicRow } from '../../stored/topic-counts.ts';
import type { Collections } from '../collections.ts';
import { countByStatus } from '../counts/question-counts.ts';
import { type LaneDocument, runDocumentSchema } from '../documents.ts';
import { insertNew } from '../insert-new.ts';
import { operation, reading } from '../operation.ts';
import { byTopicOf, pendingOf } from '../reports/pipelines.ts';
import { questionOf, submissionOf } from '../work/question-documents.ts';

const laneDocument = z.object({ lane: jsonText(laneSchema) });
/** Throws a Failure if it is none of ours. */
export function laneOf(stored: unknown): Lane {
  return readStored(laneDocument, stored).lane;
}

const pendingRow = z.object({ question: z.string(), submission: z.unknown() });

/** The lanes and the recipes they carry. */
export class MongoLaneBook implements LaneBook {
  readonly #lanes: Collection<LaneDocument>;

  constructor(lanes: Collection<LaneDocument>) {
    this.#lanes = lanes;
  }

  async get(name: LaneName): Promise<Lane | undefined> {
    const found = await operation('reading a lane', () => this.#lanes.findOne({ _id: name }));
    return found === null ? undefined : laneOf(found);
  }

  async open(lane: Lane): Promise<Lane> {
    await operation('opening a lane', () =>
      insertNew(this.#lanes, [{ _id: lane.name, lane: laneText(lane) }]),
    );
    return (await this.get(lane.name)) ?? lane;
  }

  async put(lane: Lane): Promise<void> {
    const document = { lane: laneText(lane) };
    await operation('storing a lane', () =>
      this.#lanes.replaceOne({ _id: lane.name }, document, { upsert: true }),
    );
  }
}

/** The runs and where their questions stand. */
export class MongoRunBook implements RunBook {
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
      yield { question: questionOf(question), submission: submissionOf(submission) };
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
