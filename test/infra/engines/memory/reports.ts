import { topicCounts } from '../../../../src/infra/engines/stored/topic-counts.ts';
import type { Review } from '../../../../src/stages/example.ts';
import { type AgentStage, agentStages } from '../../../../src/stages/stage-names.ts';
import { isEnd, revisionOfRank, statuses } from '../../../../src/stages/status.ts';
import { questionKey } from '../../../../src/stages/store/question-key.ts';
import type { ListPage, ListQuery, QuestionList } from '../../../../src/stages/store/question-list.ts';
import type { DeadLetters } from '../../../../src/stages/store/repositories/dead-letters.ts';
import { QuestionReports } from '../../../../src/stages/store/repositories/reports/question-reports.ts';
import type {
  Progress,
  Reports,
  StageTally,
  StatusCounts,
  TopicCounts,
} from '../../../../src/stages/store/store.ts';
import { Failure } from '../../../../src/streams/failure.ts';
import type { LaneName, QuestionId } from '../../../../src/streams/work/work.ts';
import type { QuestionOfLane, World } from './world.ts';

const MOST = 20;
const MINUTE_MS = 60_000;

function countsOf(questions: readonly (QuestionOfLane | undefined)[]): StatusCounts {
  const entries = statuses().map((status) => [
    status,
    questions.filter((each) => each?.status === status).length,
  ]);
  return Object.fromEntries(entries);
}

/** What people ask about. */
export class MemoryReports extends QuestionReports implements Reports, QuestionList {
  readonly #world: World;

  constructor(world: World, deadLetters: DeadLetters) {
    super(world.tables, deadLetters);
    this.#world = world;
  }

  async progress(lane: LaneName): Promise<Progress> {
    const since = Date.now() - MINUTE_MS;
    const ended = this.#world
      .questionsOf(lane)
      .filter(({ status, updatedMs }) => isEnd(status) && updatedMs >= since);
    const stages = agentStages().map((stage) => [stage, this.#tally(lane, stage)]);
    return {
      questions: await this.counts(lane),
      stages: Object.fromEntries(stages),
      endedLastMinute: ended.length,
    };
  }

  async counts(lane: LaneName): Promise<StatusCounts> {
    return countsOf(this.#world.questionsOf(lane));
  }

  async approvalTimesMs(lane: LaneName, most: number): Promise<readonly number[]> {
    const approved = this.#world.questionsOf(lane).filter(({ status }) => status === 'approved');
    const last = approved.toSorted((a, b) => b.updatedMs - a.updatedMs).slice(0, most);
    return last.map(({ addedMs, updatedMs }) => updatedMs - addedMs);
  }

  async recipes(lane: LaneName, stage: AgentStage): Promise<ReadonlyMap<string, number>> {
    const done = this.#works(lane, stage).flatMap(({ finished }) => finished?.recipe ?? []);
    return new Map([...Map.groupBy(done, (recipe) => recipe)].map(([recipe, all]) => [recipe, all.length]));
  }

  async page({ lane, status, from }: ListQuery): Promise<ListPage> {
    if (from !== undefined && !/^\d{1,15}$/.test(from))
      throw new Failure('poison', 'bad_place', `No page ends at ${JSON.stringify(from)}.`);
    const before = this.#world.questionsOf(lane).slice(0, from === undefined ? undefined : Number(from));
    const window = before.slice(-MOST).toReversed();
    const questions = window
      .filter((each) => status === undefined || each.status === status)
      .map((each) => {
        const { question, questionId, rank, updatedMs } = each;
        const revision = revisionOfRank(rank);
        const review = this.#world.works.get(`${questionKey(each)}/review/${revision}`)?.finished;
        const { score = 0 } = (review?.result ?? {}) as Partial<Review>;
        return {
          ...{ lane, question, questionId, status: each.status, revision },
          review: review && { score, model: review.model },
          updatedAt: new Date(updatedMs).toISOString(),
        };
      });
    return { questions, next: before.length > MOST ? String(before.length - MOST) : undefined };
  }

  async countsOfRun(run: string): Promise<StatusCounts> {
    return countsOf(this.#world.askedBy(run).map(({ lane, questionId }) => this.#question(lane, questionId)));
  }

  async countsByTopic(run: string): Promise<readonly TopicCounts[]> {
    const asked = this.#world
      .askedBy(run)
      .flatMap(({ lane, questionId }) => this.#question(lane, questionId) ?? []);
    const groups = Map.groupBy(asked, ({ question, status }) =>
      JSON.stringify([question.topic, question.subTopic, status]),
    );
    return topicCounts(
      [...groups.values()].flatMap((all) => {
        const [first] = all;
        if (first === undefined) return [];
        const { topic, subTopic } = first.question;
        return [{ topic, subTopic, status: first.status, n: all.length }];
      }),
    );
  }

  #question(lane: LaneName, questionId: QuestionId): QuestionOfLane | undefined {
    return this.#world.questions.get(questionKey({ lane, questionId }));
  }

  #works(lane: string, stage: string) {
    return [...this.#world.works.values()].filter(({ key }) => key.lane === lane && key.stage === stage);
  }

  #tally(lane: string, stage: string): StageTally {
    const works = this.#works(lane, stage);
    const calls = works.flatMap((work) => work.calls);
    const steps = works.flatMap((work) => work.steps);
    const paid = [...calls, ...steps];
    const failed = [
      ...calls.filter(({ outcome }) => outcome !== 'ok'),
      ...steps.filter(({ failed }) => failed === true),
    ];
    const sum = (of: (call: (typeof paid)[number]) => number) =>
      paid.reduce((all, call) => all + of(call), 0);
    return {
      done: works.filter(({ state }) => state === 'done').length,
      dead: works.filter(({ state }) => state === 'dead').length,
      failedAttempts: failed.length,
      usage: {
        input: sum(({ usage }) => usage.input),
        output: sum(({ usage }) => usage.output),
        cached: sum(({ usage }) => usage.cached),
        reasoning: sum(({ usage }) => usage.reasoning),
      },
      costUsd: sum(({ costUsd }) => costUsd ?? 0),
      unpricedCalls: sum(({ costUsd }) => Number(costUsd === null)),
    };
  }
}
