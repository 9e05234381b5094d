import type { Admin } from 'kafkajs';
import type { RunFacts } from '../../support/invariants/facts.ts';

export type EngineName = 'embedded' | 'kafka+mongo';

/** How far the questions are. */
export type Progress = Readonly<{
  /** Questions that have reached an end. */
  ended: number;
  /** Works whose result is stored. */
  done: number;
}>;

/** An engine as a trial sees it, in a namespace of the trial's own. */
export type Engine = Readonly<{
  name: EngineName;
  namespace: string;
  /** How many workers share it, where a case does not say; 1 where it is for one process. */
  workers: number;
  /** What points a command of Millrace at it. */
  flags: readonly string[];
  /** Cheap enough to be asked all the time. */
  progress(): Promise<Progress>;
  /** Where records are that no stage has committed yet; empty where there are none. */
  lags(): Promise<string>;
  /** Everything it holds, for the checker. */
  facts(): Promise<RunFacts>;
  /** Appends values to a stage's topic as another client would. */
  append(topic: string, values: readonly (string | Buffer | null)[]): Promise<void>;
  /** Forgets what the stages have committed; no worker may be at work. */
  forgetOffsets(): Promise<void>;
  /** Kafka's own administration; the embedded engine has none. */
  admin?: Admin;
}>;
