import type { Offset } from '../../../src/streams/log/log.ts';

/** A question in a lane. */
type QuestionFact = Readonly<{ lane: string; questionId: string; status: string }>;

export type WorkFact = Readonly<{
  lane: string;
  questionId: string;
  stage: string;
  revision: number;
  state: string;
}>;

/** Where the store keeps the ends of questions, and what each means. */
export const ENDS = [
  ['dataset', 'approved'],
  ['rejections', 'rejected'],
  ['retractions', 'held'],
] as const;

/** A row of the dataset, of the rejections, or of what people took back. */
export type EndFact = Readonly<{
  lane: string;
  questionId: string;
  revision: number;
  verdict: 'approved' | 'rejected' | 'held';
  /** The example, as JSON. */
  example: string;
}>;

/** What a person decided about a revision. */
type DecisionFact = Readonly<{ lane: string; questionId: string; revision: number }>;

/** A step of a work that goes step by step. `asked`: the model answered it. */
export type StepFact = Readonly<{ work: string; n: number; key: string; asked: boolean }>;

/** That a question of a lane quotes a source. */
type QuotedSourceFact = Readonly<{ lane: string; questionId: string; source: string }>;

export type DeadLetterFact = Readonly<{
  id: string;
  lane: string;
  questionId: string;
  stage: string;
  state: string;
}>;

export type RecordFact = Readonly<{ partition: number; offset: Offset; value: string | null }>;

/** One topic as it stands, and how far the stage that works it has committed. */
export type TopicFact = Readonly<{
  topic: string;
  records: readonly RecordFact[];
  ends: ReadonlyMap<number, Offset>;
  /** The first offset that is still there; 0 where a partition is not named. */
  starts?: ReadonlyMap<number, Offset>;
  /** Empty for the ledger, which no stage works. */
  committed: ReadonlyMap<number, Offset>;
}>;

/** Counts per status, as people are told them, per lane. */
type CountsFact = ReadonlyMap<string, Readonly<Record<string, number>>>;

/** What a namespace holds, read without regard to the code that wrote it. */
export type RunFacts = Readonly<{
  questions: readonly QuestionFact[];
  works: readonly WorkFact[];
  /** In the order in which they stand. */
  steps: readonly StepFact[];
  ends: readonly EndFact[];
  deadLetters: readonly DeadLetterFact[];
  decisions: readonly DecisionFact[];
  /** Sources that were taken back to the end. */
  forgottenSources: readonly string[];
  /** Which questions quote which source. */
  quotedSources: readonly QuotedSourceFact[];
  /** By the name of the stage that works it, and `dataset` for the ledger. */
  topics: ReadonlyMap<string, TopicFact>;
  counts: CountsFact;
  /** Finished works and failed attempts that the store counted, over all lanes and agents. */
  tally: Readonly<{ done: number; failedAttempts: number; dead: number }>;
}>;
