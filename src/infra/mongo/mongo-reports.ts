import type { Collection } from 'mongodb';
import { exampleSchema } from '../../stages/example.ts';
import { questionSchema } from '../../stages/question.ts';
import { AGENT_STAGES, type AgentStage } from '../../stages/stage-names.ts';
import type {
  DatasetQuery,
  DatasetRow,
  History,
  Outcome,
  Progress,
  Reports,
  StageTally,
  StoredWork,
} from '../../stages/store.ts';
import type { DeadLetter } from '../../streams/dead-letter.ts';
import type { LaneName, QuestionId } from '../../streams/work.ts';
import type { Collections } from './collections.ts';
import type { OutcomeDocument, QuestionDocument, WorkDocument } from './documents.ts';
import { countByStatus, submissionOf } from './mongo-books.ts';
import type { MongoDeadLetters } from './mongo-dead-letters.ts';
import { tallyOf } from './tally.ts';

const MINUTE_MS = 60_000;
const MOST_HISTORIES = 20;

/** What people ask about. */
export class MongoReports implements Reports {
  readonly #collections: Collections;
  readonly #deadLetters: MongoDeadLetters;

  constructor(collections: Collections, deadLetters: MongoDeadLetters) {
    this.#collections = collections;
    this.#deadLetters = deadLetters;
  }

  async progress(lane: LaneName): Promise<Progress> {
    const { questions } = this.#collections;
    const since = new Date(Date.now() - MINUTE_MS);
    const [counts, endedLastMinute, research, generation, review] = await Promise.all([
      countByStatus(questions, { lane }),
      questions.countDocuments({ lane, endedAt: { $gte: since } }),
      this.#tally(lane, 'research'),
      this.#tally(lane, 'generation'),
      this.#tally(lane, 'review'),
    ]);
    return { questions: counts, stages: { research, generation, review }, endedLastMinute };
  }

  async histories(idPrefix: string): Promise<readonly History[]> {
    const filter = { questionId: { $gte: idPrefix, $lt: `${idPrefix}~` } };
    const found = await this.#collections.questions
      .find(filter)
      .sort({ _id: -1 })
      .limit(MOST_HISTORIES)
      .toArray();
    return Promise.all(found.map((question) => this.#history(question)));
  }

  async outcome(lane: LaneName, questionId: QuestionId): Promise<Outcome | undefined> {
    const { questions, dataset, rejections } = this.#collections;
    const _id = `${lane}/${questionId}`;
    const question = await questions.findOne({ _id });
    if (question === null) return undefined;
    const found = await (question.status === 'approved' ? dataset : rejections).findOne({ _id });
    return {
      status: question.status,
      example: found === null ? undefined : exampleSchema.parse(found.example),
    };
  }

  async *deadLetters(): AsyncGenerator<DeadLetter> {
    yield* this.#deadLetters.open();
  }

  async *dataset(query: DatasetQuery): AsyncGenerator<DatasetRow> {
    const { dataset, rejections } = this.#collections;
    const outcomes = query.verdict === 'approved' ? dataset : rejections;
    yield* query.run === undefined
      ? this.#ofLane(outcomes, query.lane)
      : this.#ofRun(outcomes, query.lane, query.run);
  }

  async recipes(lane: LaneName, stage: AgentStage): Promise<ReadonlyMap<string, number>> {
    const groups = await this.#works(stage)
      .aggregate<{ _id: string; n: number }>([
        { $match: { lane, state: 'done' } },
        { $group: { _id: '$recipe', n: { $sum: 1 } } },
      ])
      .toArray();
    return new Map(groups.map(({ _id, n }) => [_id, n]));
  }

  async *#ofLane(outcomes: Collection<OutcomeDocument>, lane: LaneName): AsyncGenerator<DatasetRow> {
    for await (const { example, questionId } of outcomes.find({ lane }).sort({ updatedAt: 1 })) {
      const submission = await this.#collections.submissions.findOne({ questionId, lane });
      yield {
        example: exampleSchema.parse(example),
        submission: submission === null ? undefined : submissionOf(submission),
      };
    }
  }

  async *#ofRun(
    outcomes: Collection<OutcomeDocument>,
    lane: LaneName,
    run: string,
  ): AsyncGenerator<DatasetRow> {
    for await (const submission of this.#collections.submissions.find({ run }).sort({ position: 1 })) {
      const found = await outcomes.findOne({ _id: `${lane}/${submission.questionId}` });
      if (found !== null)
        yield { example: exampleSchema.parse(found.example), submission: submissionOf(submission) };
    }
  }

  #works(stage: AgentStage): Collection<WorkDocument> {
    const { research, generations, reviews } = this.#collections;
    return { research, generation: generations, review: reviews }[stage];
  }

  #tally(lane: LaneName, stage: AgentStage): Promise<StageTally> {
    return tallyOf(this.#works(stage), lane);
  }

  async #history({ lane, questionId, status, question }: QuestionDocument): Promise<History> {
    const submissions = await this.#collections.submissions.find({ questionId, lane }).toArray();
    const works = await Promise.all(AGENT_STAGES.map((stage) => this.#worksOf(stage, lane, questionId)));
    return {
      lane,
      questionId,
      status,
      question: questionSchema.parse(question),
      submissions: submissions.map(submissionOf),
      works: works.flat(),
      deadLetters: await this.#deadLetters.ofQuestion(lane, questionId),
    };
  }

  async #worksOf(stage: AgentStage, lane: LaneName, questionId: string): Promise<StoredWork[]> {
    const found = await this.#works(stage).find({ questionId, lane }).sort({ revision: 1 }).toArray();
    return found.map(({ revision, state, model, recipe, usage, costUsd, attempts, result, updatedAt }) => ({
      ...{ stage, revision, state, model, recipe, usage, costUsd, attempts },
      result: result === null ? null : JSON.parse(result),
      updatedAt: updatedAt.toISOString(),
    }));
  }
}
