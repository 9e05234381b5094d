import type { Collection } from 'mongodb';
import { type Lane, type LaneBook, laneSchema } from '../../stages/lane.ts';
import { type Question, questionSchema, type Submission } from '../../stages/question.ts';
import { STATUSES, type Status } from '../../stages/status.ts';
import type { RunBook, RunInfo, StatusCounts } from '../../stages/store.ts';
import type { LaneName, QuestionId } from '../../streams/work.ts';
import type { Collections } from './collections.ts';
import type { LaneDocument, SubmissionDocument } from './documents.ts';
import { classifyMongo } from './mongo-failure.ts';

/** The lanes and the recipes they carry. */
export class MongoLaneBook implements LaneBook {
  readonly #lanes: Collection<LaneDocument>;

  constructor(lanes: Collection<LaneDocument>) {
    this.#lanes = lanes;
  }

  async get(name: LaneName): Promise<Lane | undefined> {
    const found = await doing('reading a lane', () => this.#lanes.findOne({ _id: name }));
    return found === null ? undefined : laneSchema.parse(found.lane);
  }

  async put(lane: Lane): Promise<void> {
    await doing('storing a lane', () =>
      this.#lanes.replaceOne({ _id: lane.name }, { lane }, { upsert: true }),
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
    await doing('opening a run', () => this.#collections.runs.replaceOne({ _id: id }, run, { upsert: true }));
  }

  counts(run: string): Promise<StatusCounts> {
    return doing('counting a run', () => countByStatus(this.#collections.submissions, { run }));
  }

  async includes(run: string, questionId: QuestionId): Promise<boolean> {
    const filter = { _id: `${run}/${questionId}` };
    const found = await doing('reading a run', () =>
      this.#collections.submissions.findOne(filter, { projection: { _id: 1 } }),
    );
    return found !== null;
  }

  async *pending(run: string): AsyncGenerator<{ question: Question; submission: Submission }> {
    const cursor = this.#collections.submissions.find({ run, status: 'pending' }).sort({ position: 1 });
    for await (const submission of cursor) {
      const { lane, questionId } = submission;
      const found = await this.#collections.questions.findOne({ _id: `${lane}/${questionId}` });
      if (found !== null)
        yield { question: questionSchema.parse(found.question), submission: submissionOf(submission) };
    }
  }

  async latest(): Promise<RunInfo | undefined> {
    const [latest] = await doing('reading the latest run', () =>
      this.#collections.runs.find().sort({ startedAt: -1 }).limit(1).toArray(),
    );
    if (latest === undefined) return undefined;
    const { _id: id, ...run } = latest;
    return { id, ...run };
  }
}

/** Counts by an index that ends in `status`: nothing but the index is read. */
export async function countByStatus(
  collection: Pick<Collection, 'aggregate'>,
  filter: Readonly<Record<string, string>>,
): Promise<StatusCounts> {
  const groups = await collection
    .aggregate<{ _id: string; n: number }>([
      { $match: filter },
      { $group: { _id: '$status', n: { $sum: 1 } } },
    ])
    .toArray();
  const byStatus = new Map(groups.map(({ _id, n }) => [_id, n]));
  const entries = STATUSES.map((status): [Status, number] => [status, byStatus.get(status) ?? 0]);
  return Object.fromEntries(entries) as Record<Status, number>;
}

export function submissionOf({ run, position, id, metadata }: SubmissionDocument): Submission {
  return {
    run,
    position,
    ...(id === null ? {} : { id }),
    ...(metadata === null ? {} : { metadata: JSON.parse(metadata) }),
  };
}

async function doing<T>(what: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw classifyMongo(error, what);
  }
}
