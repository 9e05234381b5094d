import { topicCounts } from '../../../../src/infra/engines/stored/topic-counts.ts';
import type { Review } from '../../../../src/stages/example.ts';
import { type AgentStage, agentStages } from '../../../../src/stages/stage-names.ts';
import { driveOfRank, isEnd, revisionOfRank, statuses } from '../../../../src/stages/status.ts';
import { questionKey } from '../../../../src/stages/store/question-key.ts';
import type { ListPage, ListQuery, QuestionList } from '../../../../src/stages/store/question-list.ts';
import type { DeadLetters } from '../../../../src/stages/store/repositories/dead-letters.ts';
import type {
  DatasetQuery,
  DatasetRow,
  History,
  NamedQuestion,
  Outcome,
  Progress,
  Reports,
  RunInfo,
  RunRepository,
  StageTally,
  QuestionOfLane as Standing,
  StatusCounts,
  TopicCounts,
} from '../../../../src/stages/store/store.ts';
import { Failure } from '../../../../src/streams/failure.ts';
import type { LaneName, QuestionId, WorkId } from '../../../../src/streams/work/work.ts';
import type { Asked, QuestionOfLane, World } from './world.ts';

const MOST = 20;
const MINUTE_MS = 60_000;

const byText =
  <T>(nameOf: (each: T) => string) =>
  (a: T, b: T) =>
    nameOf(a) < nameOf(b) ? -1 : Number(nameOf(a) > nameOf(b));
const submissionOf = ({ lane: _, questionId: __, ...submission }: Asked) => submission;
const inOrder = (a: Asked, b: Asked) =>
  a.position - b.position || byText(questionKey)(a as never, b as never);

function countsOf(questions: readonly (QuestionOfLane | undefined)[]): StatusCounts {
  const entries = statuses().map((status) => [
    status,
    questions.filter((each) => each?.status === status).length,
  ]);
  return Object.fromEntries(entries);
}

/** What people ask about. */
export class MemoryReports implements Reports, QuestionList, Omit<RunRepository, 'counts'> {
  readonly #world: World;
  readonly #letters: DeadLetters;

  constructor(world: World, letters: DeadLetters) {
    this.#world = world;
    this.#letters = letters;
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

  async histories(idPrefix: string): Promise<readonly History[]> {
    const found = [...this.#world.questions.values()].filter(({ questionId }) =>
      questionId.startsWith(idPrefix),
    );
    const sorted = found.toReversed().toSorted(byText(({ questionId }) => questionId));
    return Promise.all(sorted.slice(0, MOST).map((each) => this.#history(each)));
  }

  async namedBy(beginning: string): Promise<readonly NamedQuestion[]> {
    const named = [...this.#world.submissions.values()].flatMap(({ id, questionId }) =>
      id?.startsWith(beginning) ? [{ userId: id, questionId }] : [],
    );
    const nameOf = ({ userId, questionId }: NamedQuestion) => `${userId}\0${questionId}`;
    const once = new Map(named.toSorted(byText(nameOf)).map((each) => [nameOf(each), each]));
    return [...once.values()].slice(0, MOST);
  }

  async outcome(lane: LaneName, questionId: QuestionId): Promise<Outcome | undefined> {
    const question = this.#question(lane, questionId);
    if (question === undefined) return undefined;
    const ending = question.status === 'approved' ? 'dataset' : 'rejections';
    const outcome = this.#world.outcomes[ending].get(questionKey(question));
    return { status: question.status, example: outcome?.finished.result };
  }

  async driveOf(lane: LaneName, questionId: QuestionId): Promise<number> {
    return driveOfRank(this.#question(lane, questionId)?.rank ?? 0);
  }

  async statusOf(lane: LaneName, questionId: QuestionId): Promise<string | undefined> {
    return this.#question(lane, questionId)?.status;
  }

  async *questionsOf(lane: LaneName): AsyncGenerator<Standing> {
    for (const each of this.#world.questionsOf(lane).toSorted(byText(questionKey))) {
      const { questionId, question, status } = each;
      const isOver = status === 'approved' || status === 'rejected';
      const review = isOver ? (await this.outcome(lane, questionId))?.example?.review : undefined;
      yield { questionId, question, status, review };
    }
  }

  async *dataset({ lane, run, verdict }: DatasetQuery): AsyncGenerator<DatasetRow> {
    const outcomes = this.#world.outcomes[verdict === 'approved' ? 'dataset' : 'rejections'];
    const all = [...outcomes].filter(([key]) => key.startsWith(`${lane}/`));
    const asked =
      run === undefined ? [...this.#world.submissions.values()] : this.#world.askedBy(run).toSorted(inOrder);
    const firsts = new Map(asked.toReversed().map((each) => [each.questionId, each]));
    const ids =
      run === undefined
        ? all.map(([key]) => key.slice(lane.length + 1))
        : asked.map(({ questionId }) => questionId);
    for (const id of new Set(ids)) {
      const example = outcomes.get(`${lane}/${id}`)?.finished.result;
      const first = firsts.get(id as QuestionId);
      if (example !== undefined) yield { example, submission: first && submissionOf(first) };
    }
  }

  async candidates(workIds: readonly WorkId[]): Promise<ReadonlyMap<WorkId, unknown>> {
    return new Map(
      workIds.flatMap((id) => {
        const finished = this.#world.works.get(id)?.finished;
        return finished === undefined ? [] : [[id, finished.result]];
      }),
    );
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

  async open(run: RunInfo): Promise<void> {
    this.#world.runs.push(run);
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

  async includes(run: string, questionId: QuestionId): Promise<boolean> {
    return this.#world.askedBy(run).some((each) => each.questionId === questionId);
  }

  async *pending(
    run: string,
  ): ReturnType<RunRepository['pending']> extends AsyncIterable<infer T> ? AsyncGenerator<T> : never {
    for (const asked of this.#world.askedBy(run).toSorted(inOrder)) {
      const known = this.#question(asked.lane, asked.questionId);
      if (known?.status === 'pending') yield { question: known.question, submission: submissionOf(asked) };
    }
  }

  async latest(): Promise<RunInfo | undefined> {
    return this.#world.runs.toSorted(byText(({ startedAt }) => startedAt)).at(-1);
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

  async #history({ lane, questionId, status, question }: QuestionOfLane): Promise<History> {
    const submissions = [...this.#world.submissions.values()].filter(
      (each) => each.lane === lane && each.questionId === questionId,
    );
    const works = agentStages()
      .flatMap((stage) =>
        this.#works(lane, stage)
          .filter(({ key }) => key.questionId === questionId)
          .toSorted((a, b) => a.key.revision - b.key.revision),
      )
      .map(({ key: { stage, revision }, state, attempts, finished, updatedMs }) => ({
        ...{ stage, revision, state, attempts, result: finished?.result ?? null },
        ...{ model: finished?.model ?? '', recipe: finished?.recipe ?? '', usage: finished?.usage },
        ...{ costUsd: finished?.costUsd ?? null, updatedAt: new Date(updatedMs).toISOString() },
      }));
    const deadLetters = await this.#letters.ofQuestion(lane, questionId);
    return {
      lane,
      questionId,
      status,
      question,
      submissions: submissions.map(submissionOf),
      works,
      deadLetters,
    };
  }
}
