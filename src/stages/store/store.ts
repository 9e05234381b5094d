import type { SpendingRepository } from '../../streams/budget/spending-repository.ts';
import type { StoredDeadLetter } from '../../streams/delivery/dead-letter.ts';
import type { StatusRepository } from '../../streams/delivery/status-repository.ts';
import { NO_USAGE, type Usage } from '../../streams/failure.ts';
import type { Attempt, LaneName, QuestionId, WorkId, WorkKey, WorkStore } from '../../streams/work/work.ts';
import type { VersionRepository } from '../dataset/dataset-version.ts';
import type { Example, Research, Review } from '../example.ts';
import type { LaneRepository } from '../lanes/lane.ts';
import type { Question, Submission } from '../question.ts';
import type { AgentStage } from '../stage-names.ts';
import type { Status } from '../status.ts';
import type { CleanupRepository } from './cleanup.ts';
import type { DeadLetterRepository } from './dead-letter-repository.ts';
import type { Decision } from './decision.ts';
import type { EvidenceRepository } from './evidence-repository.ts';
import type { ForgottenRepository } from './forgotten.ts';
import type { JournalRepository } from './journal-repository.ts';
import type { LookUpRepository } from './look-up-repository.ts';
import type { PauseRepository } from './pause-repository.ts';
import type { QuestionList } from './question-list.ts';
import type { ReplayRepository } from './replay-plan.ts';
import type { ReviewQueueRepository } from './review-queue-repository.ts';
import type { ShadowRepository } from './shadow-repository.ts';
import type { WorkerRepository } from './worker-repository.ts';

/** Stage 1 stores the question itself; its result is only that it is stored. */
export type QuestionStored = Readonly<{ stored: true }>;

/** The store of stage 1. */
export interface QuestionStore extends WorkStore<QuestionStored> {
  /** Keeps the question (`pending`, if it is new to the lane) and who asked it. Safe to repeat. */
  accept(work: WorkKey, question: Question, submission: Submission | undefined): Promise<void>;
}

/** How many questions stand where; a status of a stage that this process does not have counts as well. */
export type StatusCounts = Readonly<Record<Status, number> & Record<string, number>>;

/** How many questions of a topic and sub-topic stand where. */
export type TopicCounts = Readonly<{ topic: string; subTopic: string; counts: StatusCounts }>;

export type RunInfo = Readonly<{ id: string; lane: LaneName; startedAt: string; input: string }>;

/** Who asked for what: a run is one call of `millrace run` or of the library. */
export interface RunRepository {
  open(run: RunInfo): Promise<void>;
  /** Where the run's questions stand now. A question asked by two runs counts in both. */
  counts(run: string): Promise<StatusCounts>;
  /** The same by topic and sub-topic, in no order. */
  countsByTopic(run: string): Promise<readonly TopicCounts[]>;
  includes(run: string, questionId: QuestionId): Promise<boolean>;
  /** What the run asked for and stage 1 has not stored yet. */
  pending(run: string): AsyncIterable<Readonly<{ question: Question; submission: Submission }>>;
  latest(): Promise<RunInfo | undefined>;
}

export type StageTally = Readonly<{
  done: number;
  dead: number;
  failedAttempts: number;
  usage: Usage;
  costUsd: number;
  /** Calls whose price is not known. */
  unpricedCalls: number;
}>;

/** Of a stage that has done nothing yet. */
export const NO_TALLY: StageTally = {
  done: 0,
  dead: 0,
  failedAttempts: 0,
  usage: NO_USAGE,
  costUsd: 0,
  unpricedCalls: 0,
};

export type Progress = Readonly<{
  questions: StatusCounts;
  stages: Readonly<Record<AgentStage, StageTally>>;
  endedLastMinute: number;
}>;

export type StoredWork = Readonly<{
  stage: string;
  revision: number;
  state: string;
  model: string;
  recipe: string;
  usage: Usage | undefined;
  costUsd: number | null;
  attempts: readonly Attempt[];
  result: unknown;
  updatedAt: string;
}>;

export type History = Readonly<{
  lane: string;
  questionId: string;
  status: string;
  question: Question;
  submissions: readonly Submission[];
  works: readonly StoredWork[];
  deadLetters: readonly StoredDeadLetter[];
}>;

/** A question and what its asker calls it. */
export type NamedQuestion = Readonly<{ userId: string; questionId: QuestionId }>;

export type Outcome = Readonly<{ status: string; example: Example | undefined }>;

/** Where a question stands in a lane, and its last review if it was approved or rejected. */
export type QuestionOfLane = Readonly<{
  questionId: QuestionId;
  question: Question;
  status: string;
  review: Review | undefined;
}>;

export type DatasetRow = Readonly<{ example: Example; submission: Submission | undefined }>;
export type DatasetQuery = Readonly<{ lane: LaneName; run?: string; verdict: 'approved' | 'rejected' }>;

/** What people ask about. Reads only, and never in the way of the stages. */
export interface Reports {
  progress(lane: LaneName): Promise<Progress>;
  /** Where the questions of the lane stand: a part of `progress`, at less cost. */
  counts(lane: LaneName): Promise<StatusCounts>;
  /** How long the last approved questions took from their arrival on, in milliseconds; at most so many of them. */
  approvalTimesMs(lane: LaneName, most: number): Promise<readonly number[]>;
  /** Histories of the first 20 questions, by id, whose id begins with `idPrefix`; of each the newest lane first. */
  histories(idPrefix: string): Promise<readonly History[]>;
  /** The first 20 questions, in the order of the ids that their askers gave them, whose id of that kind begins with the text. */
  namedBy(beginning: string): Promise<readonly NamedQuestion[]>;
  /** Where a question stands, and its example if it was approved or rejected. */
  outcome(lane: LaneName, questionId: QuestionId): Promise<Outcome | undefined>;
  /** How often what died of the question has been sent again, at most; 0 where the lane does not know it. */
  driveOf(lane: LaneName, questionId: QuestionId): Promise<number>;
  /** Where a question stands; `undefined` where the lane does not know it. */
  statusOf(lane: LaneName, questionId: QuestionId): Promise<string | undefined>;
  /** Every question of the lane, ordered by id (by its bytes). */
  questionsOf(lane: LaneName): AsyncIterable<QuestionOfLane>;
  /** In the order of the run's input, or in order of arrival where no run is given. */
  dataset(query: DatasetQuery): AsyncIterable<DatasetRow>;
  /** The candidates that finished works of `generation` have made, where the store still has them. */
  candidates(workIds: readonly WorkId[]): Promise<ReadonlyMap<WorkId, unknown>>;
  /** How many results each recipe of a stage has made in a lane. */
  recipes(lane: LaneName, stage: AgentStage): Promise<ReadonlyMap<string, number>>;
}

/** Everything durable but the log. Each stage writes through its own store object. */
export interface Store extends StatusRepository {
  readonly questions: QuestionStore;
  readonly research: WorkStore<Research>;
  readonly generations: WorkStore<unknown>;
  readonly reviews: WorkStore<Review>;
  readonly dataset: WorkStore<Example>;
  readonly verdicts: WorkStore<Decision>;
  /** Of a stage that a plugin brought: all of them share a table, each has its own works. The same object for the same stage. */
  works(stage: string): WorkStore<unknown>;
  readonly runs: RunRepository;
  readonly lanes: LaneRepository;
  readonly replays: ReplayRepository;
  readonly spending: SpendingRepository;
  readonly reports: Reports;
  readonly deadLetters: DeadLetterRepository;
  readonly forgotten: ForgottenRepository;
  readonly evidence: EvidenceRepository;
  readonly lookUps: LookUpRepository;
  readonly workers: WorkerRepository;
  readonly journals: JournalRepository;
  readonly list: QuestionList;
  readonly reviewQueue: ReviewQueueRepository;
  readonly pauses: PauseRepository;
  readonly cleanup: CleanupRepository;
  readonly versions: VersionRepository;
  readonly shadows: ShadowRepository;
  close(): Promise<void>;
}
