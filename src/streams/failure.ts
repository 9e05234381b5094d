/**
 * How a failure is treated. It is decided once, where the failure arises, from facts and never from texts:
 *
 * - `transient`: the same call may work in a moment; retried with backoff.
 * - `outage`: nothing will work until a server is back; waited for, no attempt is burnt.
 * - `content`: the model answered and the answer is unusable; asked again with the reason.
 * - `poison`: this one record can never work; a dead letter at once.
 * - `fatal`: nothing can work until a person changes something; everything stops.
 */
export type FailureKind = 'transient' | 'outage' | 'content' | 'poison' | 'fatal';

/**
 * Tokens of one call as the server reported them. `cached` and `cacheWrites` are parts of `input`, `reasoning` is a part
 * of `output`.
 */
export type Usage = Readonly<{
  input: number;
  output: number;
  cached: number;
  reasoning: number;
  /** Written to the server's cache, where it says so. */
  cacheWrites?: number | undefined;
}>;

export const NO_USAGE: Usage = { input: 0, output: 0, cached: 0, reasoning: 0 };

/** What is known of a model's answer that could not be used. It was paid for, so it is kept. */
export type UnusableReply = Readonly<{
  text: string;
  finishReason: string;
  model: string;
  usage: Usage;
  /** `null` where the price of the model is not known. */
  costUsd: number | null;
}>;

export type FailureFacts = Readonly<{
  cause?: unknown;
  /** What the server asked us to wait, of whatever length. */
  retryAfterMs?: number;
  /** A sign that the server, and not this one call, is in trouble: it counts towards opening the circuit. */
  outageSignal?: boolean;
  /**
   * A sign that more is asked than the server takes: it refused at once (`rate-limit`: 429), or could not keep up
   * (`overload`: time-out, 503, 529). The endpoint is given less.
   */
  pressure?: 'rate-limit' | 'overload';
  reply?: UnusableReply;
  /** Of kind `outage`: one that lasts longer does not end by waiting, and whoever waits it out gives up. */
  fatalAfterMs?: number;
  /**
   * It cannot be told from the failure whether it concerns this work alone or all that call there: what comes of other calls
   * tells (see `FirstAnswers`). The kind is that of a failure that nothing else is heard of.
   */
  scope?: 'unclear';
  /** With `outageSignal` false: others were answered since this work failed first, so the trouble is its own. */
  own?: boolean;
  /** Of kind `poison`: how often it is to be told before it is believed. Default: once. */
  believedAfter?: number;
  /** What a model that asked for a look-up is told of it, where the message is for people alone. */
  told?: string;
  /** Of kind `content`: asking again cannot help. */
  final?: boolean;
}>;

const MARK = Symbol.for('millrace.failure');

/** The one error that crosses layers: already classified, with a stable `code` and a message a person can act on. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly kind: FailureKind;
  /** Stable and greppable: `rate_limited`, `timeout`, `schema_mismatch`, `truncated`, `disk_full` … */
  readonly code: string;
  readonly facts: FailureFacts;

  readonly [MARK] = true;

  /** By a mark, so that two copies of the package know each other's. */
  static override [Symbol.hasInstance](value: unknown): value is Failure {
    return typeof value === 'object' && value !== null && MARK in value;
  }

  constructor(kind: FailureKind, code: string, message: string, facts: FailureFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.kind = kind;
    this.code = code;
    this.facts = facts;
  }
}

/** The code of a key that a server does not take (401). */
export const UNAUTHORIZED = 'unauthorized';
/** The code of money or quota that is spent: who waits a moment waits in vain. */
export const QUOTA_EXHAUSTED = 'quota_exhausted';

/** The code of a record whose work needs a part that is not registered in this process: it is left where it is. */
export const PART_MISSING = 'part_missing';

/** The code of a record that a newer version wrote and that only such a one can read: it is left where it is. */
export const NEWER_RECORD = 'newer_record';

/** The thrown value as a Failure. What nobody classified is a defect of ours: it stops everything rather than eat records. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  // Closing failed after that, and says less.
  if (error instanceof SuppressedError) return asFailure(error.suppressed);
  return new Failure('fatal', 'unexpected', `Unexpected failure: ${errorText(error)}`, { cause: error });
}

/** What an error says, or whatever else was thrown. */
export function errorText(thrown: unknown): string {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown);
  } catch {
    return 'something without a text was thrown';
  }
}
