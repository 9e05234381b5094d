import type { Usage } from '../failure.ts';

/** What a step was: a search before anybody is asked, an answer of the model, the result of one look-up. */
export type StepKind = 'search' | 'turn' | 'result';

/** One durable act of a work. A work whose stage goes step by step is where its steps say it is, and nowhere else. */
export type Step = Readonly<{
  /** Counts from 0, without a gap. */
  n: number;
  /** Names the act, once in its work: `search/0`, `turn/3`, `result/turn/3/1`. */
  key: string;
  kind: StepKind;
  /** Of the work, when it was made. */
  drive: number;
  at: string;
  durationMs: number;
  /** The model that answered; empty where none was asked. */
  model: string;
  usage: Usage;
  /** `null` where the price is not known. */
  costUsd: number | null;
  /** A call that was answered, and whose answer cannot be used: it counts among the calls that failed. */
  failed?: true | undefined;
  /** What came of it, as its stage reads it. */
  body: unknown;
}>;
