import { z } from 'zod';
import { type AgentStage, agentStages, byAgent } from '../../../../stages/stage-names.ts';
import { driveOfRank } from '../../../../stages/status.ts';
import { questionKey } from '../../../../stages/store/question-key.ts';
import type { DeadLetters } from '../../../../stages/store/repositories/dead-letters.ts';
import {
  type DatasetQuery,
  type DatasetRow,
  type History,
  type NamedQuestion,
  NO_TALLY,
  type Outcome,
  type Progress,
  type QuestionOfLane,
  type Reports,
  type StatusCounts,
} from '../../../../stages/store/store.ts';
import { jsonText, readStored } from '../../../../stages/store/table/read-stored.ts';
import type { LaneName, QuestionId, WorkId } from '../../../../streams/work/work.ts';
import { type Collections, stageWorksOf } from '../collections.ts';
import { countLane } from '../counts/question-counts.ts';
import { doneByRecipe, stageTallyOf } from '../counts/work-sums.ts';
import { operation, reading } from '../operation.ts';
import { finishedOutcomeOf } from '../work/outcome-store.ts';
import { submissionOf } from '../work/question-documents.ts';
import { MongoHistories } from './history.ts';
import { inOrderOfArrival } from './pipelines.ts';
import { questionsOfLane } from './questions-of-lane.ts';
import { inOrderOfInput } from './run-outcomes.ts';

/** Ends that are looked at for one that was an approval. */
const ENDS_PER_APPROVAL = 4;
const MINUTE_MS = 60_000;

const candidateText = jsonText(z.unknown());
const rowSchema = z.looseObject({ outcome: z.unknown(), submission: z.unknown().optional() });

/** What people ask about. */
export class MongoReports implements Reports {
  readonly #collections: Collections;
  readonly #histories: MongoHistories;

  constructor(collections: Collections, deadLetters: DeadLetters) {
    this.#collections = collections;
    this.#histories = new MongoHistories(collections, deadLetters);
  }

  progress(lane: LaneName): Promise<Progress> {
    const { questions } = this.#collections;
    const since = new Date(Date.now() - MINUTE_MS);
    return operation('reading the progress', async () => {
      // Each counts on by itself: together they take as long as the longest.
      const tallies = agentStages().map((stage) =>
        stageTallyOf(this.#collections, stageWorksOf(this.#collections, stage), lane),
      );
      const [counts, endedLastMinute, ...stages] = await Promise.all([
        countLane(this.#collections, lane),
        questions.countDocuments({ lane, endedAt: { $gte: since } }),
        ...tallies,
      ]);
      const tallied = new Map(agentStages().map((stage, place) => [stage, stages[place]]));
      return {
        questions: counts,
        endedLastMinute,
        stages: byAgent((stage) => tallied.get(stage) ?? NO_TALLY),
      };
    });
  }

  counts(lane: LaneName): Promise<StatusCounts> {
    return operation('counting a lane', () => countLane(this.#collections, lane));
  }

  /** The index knows the last ends, whatever they were: so many of them are looked at that some were approvals. */
  async approvalTimesMs(lane: LaneName, most: number): Promise<readonly number[]> {
    const projection = { status: 1, addedAt: 1, endedAt: 1 } as const;
    const found = await operation('reading times of approval', () =>
      this.#collections.questions
        .find({ lane, endedAt: { $ne: null } }, { projection })
        .sort({ endedAt: -1 })
        .limit(ENDS_PER_APPROVAL * most)
        .toArray(),
    );
    const approved = found.filter(({ status }) => status === 'approved').slice(0, most);
    return approved.map(({ addedAt, endedAt }) =>
      Math.max(0, (endedAt ?? addedAt).getTime() - addedAt.getTime()),
    );
  }

  histories(idPrefix: string): Promise<readonly History[]> {
    return this.#histories.beginningWith(idPrefix);
  }

  namedBy(beginning: string): Promise<readonly NamedQuestion[]> {
    return this.#histories.namedBy(beginning);
  }

  outcome(lane: LaneName, questionId: QuestionId): Promise<Outcome | undefined> {
    const { questions, dataset, rejections } = this.#collections;
    const _id = questionKey({ lane, questionId });
    return operation('reading an outcome', async () => {
      const question = await questions.findOne({ _id }, { projection: { status: 1 } });
      if (question === null) return undefined;
      const found = await (question.status === 'approved' ? dataset : rejections).findOne({ _id });
      return {
        status: question.status,
        example: found === null ? undefined : finishedOutcomeOf(found).result,
      };
    });
  }

  async driveOf(lane: LaneName, questionId: QuestionId): Promise<number> {
    const _id = questionKey({ lane, questionId });
    const found = await operation('reading a status', () =>
      this.#collections.questions.findOne({ _id }, { projection: { rank: 1 } }),
    );
    return driveOfRank(found?.rank ?? 0);
  }

  async statusOf(lane: LaneName, questionId: QuestionId): Promise<string | undefined> {
    const _id = questionKey({ lane, questionId });
    const found = await operation('reading a status', () =>
      this.#collections.questions.findOne({ _id }, { projection: { status: 1 } }),
    );
    return found?.status;
  }

  questionsOf(lane: LaneName): AsyncIterable<QuestionOfLane> {
    return questionsOfLane(this.#collections, lane);
  }

  async *dataset(query: DatasetQuery): AsyncGenerator<DatasetRow> {
    for await (const row of reading('reading the dataset', () => this.#rows(query))) {
      const { outcome, submission } = readStored(rowSchema, row);
      yield {
        example: finishedOutcomeOf(outcome).result,
        submission: submission === undefined ? undefined : submissionOf(submission),
      };
    }
  }

  async candidates(workIds: readonly WorkId[]): Promise<ReadonlyMap<WorkId, unknown>> {
    const filter = { _id: { $in: [...workIds] }, state: 'done' as const };
    const found = await operation('reading candidates', () =>
      this.#collections.generations.find(filter, { projection: { result: 1 } }).toArray(),
    );
    const results = new Map<string, unknown>(found.map(({ _id, result }) => [_id, result]));
    return new Map(
      workIds.filter((id) => results.has(id)).map((id) => [id, readStored(candidateText, results.get(id))]),
    );
  }

  recipes(lane: LaneName, stage: AgentStage): Promise<ReadonlyMap<string, number>> {
    return operation('counting recipes', () =>
      doneByRecipe(this.#collections, stageWorksOf(this.#collections, stage), lane),
    );
  }

  #rows({ lane, run, verdict }: DatasetQuery): AsyncIterable<unknown> {
    const { dataset, rejections, submissions } = this.#collections;
    const outcomes = verdict === 'approved' ? dataset : rejections;
    return run === undefined
      ? outcomes.aggregate(inOrderOfArrival(lane, submissions.collectionName))
      : inOrderOfInput({ submissions, outcomes }, run, lane);
  }
}
