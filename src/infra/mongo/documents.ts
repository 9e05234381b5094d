import type { Example } from '../../stages/example.ts';
import type { Lane } from '../../stages/lane.ts';
import type { Question } from '../../stages/question.ts';
import type { FailureKind, Usage } from '../../streams/failure.ts';
import type { Attempt, LaneName, Token, WorkId, WorkKey } from '../../streams/work.ts';

/** `research`, `generations`, `reviews`: one document per piece of paid work. */
export type WorkDocument = {
  _id: WorkId;
  lane: LaneName;
  questionId: string;
  revision: number;
  state: 'claimed' | 'done' | 'dead';
  token: Token;
  renewal: number;
  drive: number;
  attempts: Attempt[];
  /** Of the attempts that failed. */
  failed: { attempts: number; usage: Usage; costUsd: number; unpriced: number };
  /** As JSON text: what a model wrote must not become a field name of the database. */
  result: string | null;
  model: string;
  recipe: string;
  usage: Usage;
  costUsd: number | null;
  published: boolean;
  updatedAt: Date;
};

/** `questions`: where a question stands in a lane. */
export type QuestionDocument = {
  /** `lane/questionId` */
  _id: string;
  lane: LaneName;
  questionId: string;
  question: Question;
  status: string;
  rank: number;
  published: boolean;
  updatedAt: Date;
  /** Set at an end. */
  endedAt: Date | null;
};

/** `submissions`: who asked it. Status and rank are copies, so that a run is counted by one index. */
export type SubmissionDocument = {
  /** `run/questionId` */
  _id: string;
  run: string;
  questionId: string;
  lane: LaneName;
  position: number;
  id: string | null;
  /** JSON text: names of fields are the user's. */
  metadata: string | null;
  status: string;
  rank: number;
};

/** `dataset` and `rejections`: one document per question and lane. */
export type OutcomeDocument = {
  /** `lane/questionId` */
  _id: string;
  lane: LaneName;
  questionId: string;
  revision: number;
  drive: number;
  example: Example;
  published: boolean;
  updatedAt: Date;
};

export type RunDocument = { _id: string; lane: LaneName; startedAt: string; input: string };
export type LaneDocument = { _id: string; lane: Lane };

export type DeadLetterDocument = {
  _id: string;
  state: 'open' | 'redriving' | 'closed';
  stage: string;
  topic: string;
  partition: number;
  offset: string;
  key: string | null;
  value: string | Uint8Array | null;
  headers: [string, string][];
  work: WorkKey | null;
  kind: FailureKind;
  code: string;
  message: string;
  attempts: Attempt[];
  firstAt: string;
  at: string;
  drive: number;
};
