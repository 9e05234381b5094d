import type { Ending, Example } from '../../../../src/stages/example.ts';
import type { Question, Submission } from '../../../../src/stages/question.ts';
import { isFurther, rankOf, type Status } from '../../../../src/stages/status.ts';
import { questionKey } from '../../../../src/stages/store/question-key.ts';
import { type AgentStage, keptBy, type PaidWorks } from '../../../../src/stages/table.ts';
import type { Step } from '../../../../src/streams/work/step.ts';
import type {
  Attempt,
  Finished,
  LaneName,
  QuestionId,
  Token,
  WorkKey,
} from '../../../../src/streams/work/work.ts';
import { MemoryTables, type TableViews } from './tables.ts';

export type QuestionOfLane = {
  lane: LaneName;
  questionId: QuestionId;
  question: Question;
  status: Status;
  rank: number;
  published: boolean;
  addedMs: number;
  updatedMs: number;
};
export type Asked = Submission & Readonly<{ lane: LaneName; questionId: QuestionId }>;
export type Work = {
  key: WorkKey;
  state: 'claimed' | 'done' | 'dead';
  token: Token;
  renewal: number;
  attempts: readonly Attempt[];
  /** Each call once, in the order in which they were told. */
  calls: readonly Attempt[];
  steps: readonly Step[];
  finished: Finished<unknown> | undefined;
  published: boolean;
  updatedMs: number;
};
export type Outcome = { revision: number; finished: Finished<Example>; published: boolean };

export const ENDINGS = ['dataset', 'rejections', 'retractions'] as const satisfies readonly Ending[];

/** All that a store in memory holds: it outlives the store that is opened on it, as a file does. */
export class World {
  readonly tables: MemoryTables;
  readonly questions = new Map<string, QuestionOfLane>();
  readonly submissions = new Map<string, Asked>();
  readonly works = new Map<string, Work>();
  readonly outcomes: Readonly<Record<Ending, Map<string, Outcome>>> = {
    dataset: new Map(),
    rejections: new Map(),
    retractions: new Map(),
  };

  constructor(watched: (tables: MemoryTables) => MemoryTables = (tables) => tables) {
    this.tables = watched(new MemoryTables((id) => this.isForgotten(id), viewsOf(this)));
  }

  isForgotten(questionId: string): boolean {
    return this.tables.rows('forgotten').has(questionId);
  }

  accept(work: WorkKey, question: Question, submission: Submission | undefined): void {
    const { lane, questionId } = work;
    if (this.isForgotten(questionId)) return;
    const key = questionKey(work);
    const now = Date.now();
    const fresh = { status: 'pending', rank: 0, published: false, addedMs: now, updatedMs: now } as const;
    if (!this.questions.has(key)) this.questions.set(key, { lane, questionId, question, ...fresh });
    const asked = `${submission?.run}/${key}`;
    if (submission !== undefined && !this.submissions.has(asked))
      this.submissions.set(asked, { ...submission, lane, questionId });
  }

  /** Forward only. */
  move(work: WorkKey, status: Status): void {
    const rank = rankOf(status, work);
    const question = this.questions.get(questionKey(work));
    if (question === undefined || !isFurther({ status, rank }, question)) return;
    Object.assign(question, { status, rank, updatedMs: Date.now() });
  }

  /** In the order in which they came. */
  questionsOf(lane: string): readonly QuestionOfLane[] {
    return [...this.questions.values()].filter((each) => each.lane === lane);
  }

  askedBy(run: string): readonly Asked[] {
    return [...this.submissions.values()].filter((each) => each.run === run);
  }
}

/** What is kept of questions, as the repositories that read it know the tables. */
function viewsOf(world: World): TableViews {
  const text = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
  const outcomes = (ending: Ending) => ({
    kept: world.outcomes[ending],
    rows: () =>
      [...world.outcomes[ending]].map(([id, { finished }], arrived) => {
        const { lane, questionId } = finished.result;
        return { id, lane, questionId, finished: text(finished), arrived };
      }),
  });
  const works = (kept: PaidWorks) => ({
    kept: world.works,
    rows: () =>
      [...world.works]
        .filter(([, { key }]) => keptBy(key.stage as AgentStage) === kept)
        .map(([id, { key, state, attempts, finished, updatedMs }]) => {
          const { model = '', recipe = '', usage = null, costUsd = null } = finished ?? {};
          const rest = { result: text(finished?.result), updatedAt: new Date(updatedMs).toISOString() };
          const { revision } = key;
          return { id, revision, state, attempts, model, recipe, usage, costUsd, ...rest };
        }),
  });
  return {
    questions: {
      kept: world.questions,
      rows: () =>
        [...world.questions].map(([id, each], arrived) => {
          const endedAt = new Date(each.updatedMs).toISOString();
          return { ...each, id, question: text(each.question), arrived, endedAt };
        }),
    },
    submissions: {
      kept: world.submissions,
      rows: () =>
        [...world.submissions].map(([id, { id: userId = null, metadata, ...rest }]) => {
          return { ...rest, id, userId, metadata: text(metadata) };
        }),
    },
    ...{ dataset: outcomes('dataset'), rejections: outcomes('rejections') },
    retractions: outcomes('retractions'),
    ...{ research: works('research'), generations: works('generations') },
    ...{ reviews: works('reviews'), works: works('works') },
  };
}
