import type { FailureKind, Usage } from '../failure.ts';
import type { Step } from './step.ts';

declare const brand: unique symbol;
/** A string that cannot be mistaken for another kind of string. */
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type QuestionId = Branded<'QuestionId'>;
/** A name for one pass over the questions; `main` unless a replay opened another. */
export type LaneName = Branded<'LaneName'>;
/** `lane/questionId/stage/revision`: the key of one piece of paid work and of its result. */
export type WorkId = Branded<'WorkId'>;
/** Proof of a claim. Whoever holds another one has lost it. */
export type Token = Branded<'Token'>;

/** What a piece of work is about. */
export type WorkKey = Readonly<{
  lane: LaneName;
  questionId: QuestionId;
  stage: string;
  /** How often the question has been sent back to generation. */
  revision: number;
  /** How often its dead letter has been sent again. */
  drive: number;
}>;

export function workIdOf({ lane, questionId, stage, revision }: Omit<WorkKey, 'drive'>): WorkId {
  return `${lane}/${questionId}/${stage}/${revision}` as WorkId;
}

/** One call to the model, whether it worked or not. Attempts count from 1. */
export type Attempt = Readonly<{
  number: number;
  startedAt: string;
  durationMs: number;
  outcome: 'ok' | FailureKind;
  code: string;
  message: string;
  model: string;
  finishReason: string;
  usage: Usage;
  costUsd: number | null;
  /** The raw reply, bounded. */
  reply: string;
  /** Calls of tools that it asked for. Absent: none. */
  lookUps?: number | undefined;
}>;

/** A finished piece of work: its result and how it came to be. */
export type Finished<Result> = Readonly<{
  result: Result;
  model: string;
  /** Hash of prompt, model and settings. */
  recipe: string;
  usage: Usage;
  costUsd: number | null;
  attempts: readonly Attempt[];
  /** It was made step by step: what its calls cost was added when each step was kept. */
  stepped?: true | undefined;
}>;

/** What stands in the store when work is claimed. */
export type Claim<Result> =
  /** Ours now. `attempts` of earlier holders failed, and are a part of the work's story. */
  | Readonly<{
      kind: 'claimed';
      token: Token;
      attempts: readonly Attempt[];
      /** How many steps of the work stand already. Default: none. */
      steps?: number | undefined;
    }>
  /** Someone else holds it. `renewal` changes whenever the holder shows that it is alive, within `leaseMs`, which is the holder's. */
  | Readonly<{ kind: 'held'; token: Token; renewal: number; leaseMs?: number | undefined }>
  | Readonly<{ kind: 'done'; finished: Finished<Result>; published: boolean }>
  | Readonly<{ kind: 'dead' }>
  /** The question was deleted for good: nobody works it any more. */
  | Readonly<{ kind: 'forgotten' }>;

/** `void`: what the result rests on was taken back. The claim is given free, and the work begins anew. */
export type Completed = 'stored' | 'lost' | 'void';

export type HeldWork = Readonly<{ workId: WorkId; token: Token }>;

/**
 * Claims and results of one stage. Every write is safe to repeat, and resolves once it is durable. Rejections are
 * Failures of kind `outage` (the caller waits and repeats) or `fatal`.
 */
export interface WorkStore<Result> {
  /** The stored result of a work that is done; `undefined` for any other. Claims nothing. */
  find(key: WorkKey): Promise<Finished<Result> | undefined>;
  /** Inserts a claim, or says what stands there already. A dead work is claimed by a higher `drive` only. */
  claim(key: WorkKey): Promise<Claim<Result>>;
  /** Takes the claim over if token and renewal are still the seen ones; otherwise says what stands there now. */
  takeOver(key: WorkKey, seen: Readonly<{ token: Token; renewal: number }>): Promise<Claim<Result>>;
  /** Shows that we are alive. Returns those that are ours no longer. */
  renew(held: readonly HeldWork[]): Promise<readonly WorkId[]>;
  /** Gives the claim back, so that whoever comes next need not wait out the lease. */
  release(held: HeldWork): Promise<void>;
  /** Keeps a failed attempt at once, so that its cost survives a crash. */
  recordAttempt(held: HeldWork, attempt: Attempt): Promise<void>;
  /** The steps that the work has made, in order, whoever made them. */
  steps(workId: WorkId): Promise<readonly Step[]>;
  /**
   * Keeps what a step came to, and adds what it cost to the sums of the work at once. `lost`: the token is another's, or the step is not
   * the next one. Repeating it with the same token answers `stored`.
   */
  appendStep(held: HeldWork, step: Step): Promise<'stored' | 'lost'>;
  /** The work begins anew: what it rests on was taken back. Its steps are erased, what they cost stays in the sums. */
  dropSteps(held: HeldWork): Promise<void>;
  /**
   * `lost`: the token is another's, the result was not stored. Repeating it with the same token answers `stored`. A dead
   * dead letter of the same work is closed with it: the work is not dead.
   */
  complete(held: HeldWork, finished: Finished<Result>): Promise<Completed>;
  /** Ends the work as dead. */
  bury(held: HeldWork, key: WorkKey): Promise<'stored' | 'lost'>;
  markPublished(workIds: readonly WorkId[]): Promise<void>;
}
