import type { Budget } from '../budget/budget.ts';
import { TokenEstimator } from '../budget/token-estimate.ts';
import type { InHand } from '../delivery/in-hand.ts';
import type { AttemptContext, Stage } from '../delivery/stage.ts';
import type { StageEvent } from '../delivery/stage-events.ts';
import { asFailure, type Failure, NO_USAGE } from '../failure.ts';
import type { CallGate } from '../limits/call-gate.ts';
import type { LogRecord } from '../log/log.ts';
import { isStopping, type StopSignals } from '../stop.ts';
import { finishedBy } from './attempts.ts';
import { type CallOptions, callWithRetry } from './call.ts';
import { isClaimLost } from './claim-lost.ts';
import type { JournalMark } from './journal.ts';
import { heldWork, type Leases } from './leases.ts';
import type { Persist } from './persist.ts';
import type { RetryPolicy } from './retry-policy.ts';
import type { UnsavedWrites } from './unsaved-writes.ts';
import type { Attempt, Claim, Completed, Finished, HeldWork, WorkKey } from './work.ts';

export type LeasedCallDeps = Readonly<{
  leases: Leases;
  inHand: InHand;
  gate: CallGate;
  /** What may be spent. Absent: nothing limits it, and nothing counts it. */
  budget?: Budget | undefined;
  policy: RetryPolicy;
  persist: Persist;
  stop: StopSignals;
  unsaved: UnsavedWrites;
  leaseMs?: number | undefined;
  emit(event: StageEvent): void;
}>;

/** `lost`: another holds the claim by now, and the answer was not stored, or the call not made. An answer is used if the claim comes back. */
export type Called<Result> =
  | Readonly<{ kind: 'finished'; finished: Finished<Result> }>
  | Readonly<{ kind: 'died'; failure: Failure; attempts: readonly Attempt[] }>
  | Readonly<{ kind: 'lost'; finished: Finished<Result> | undefined }>;

/** `askedMs`: when the claim was asked for, by `performance.now()`. */
export type ClaimedAt<Result> = Extract<Claim<Result>, { kind: 'claimed' }> & Readonly<{ askedMs: number }>;

type Claimed = {
  readonly work: WorkKey;
  readonly held: HeldWork;
  readonly attempts: Attempt[];
  /** Where the answer of the attempt at work stands in the journal, once it has come. */
  mark: JournalMark | undefined;
};

const NO_CALL = { recipe: '', usage: NO_USAGE, costUsd: 0, finishReason: '', reply: '' };

/** Calls for a claimed work, holds its lease meanwhile, and stores the answer: one already paid for is not asked for again. */
export class LeasedCaller<Message, Result> {
  readonly #stage: Stage<Message, Result>;
  readonly #deps: LeasedCallDeps;
  readonly #tokens = new TokenEstimator();

  constructor(stage: Stage<Message, Result>, deps: LeasedCallDeps) {
    this.#stage = stage;
    this.#deps = deps;
  }

  /**
   * Rejects where the process stops, or must: with a Failure of kind `fatal`, or a stop.
   *
   * @param paid an answer of ours that came when the claim was another's.
   */
  async call(
    record: LogRecord,
    message: Message,
    work: WorkKey,
    { token, attempts: earlier, askedMs }: ClaimedAt<Result>,
    paid?: Finished<Result>,
  ): Promise<Called<Result>> {
    const { leases, unsaved } = this.#deps;
    const held = heldWork(work, token);
    const attempts: Attempt[] = [...earlier];
    const claimed: Claimed = { work, held, attempts, mark: undefined };
    leases.hold(held, askedMs);
    let finished = paid;
    try {
      finished ??= this.#atHand(held) ?? (await this.#free(message, attempts));
      finished ??= await this.#call(record, message, claimed);
      const stored = await this.#complete(claimed, finished);
      if (stored === 'stored') return { kind: 'finished', finished };
      return { kind: 'lost', finished: stored === 'void' ? undefined : finished };
    } catch (error) {
      if (isClaimLost(error)) return { kind: 'lost', finished: paid };
      const failure = asFailure(error);
      // An answer that its store refuses was paid for: it goes with the dead letter.
      if (!isStopping(failure) && failure.kind !== 'fatal')
        return { kind: 'died', failure, attempts: finished?.attempts ?? attempts };
      if (claimed.mark?.kept !== true && !unsaved.holds(held))
        await this.#stage.store.release(held).catch(() => undefined);
      throw failure;
    } finally {
      leases.drop(held);
    }
  }

  /** Paid for by a process before this one. */
  #atHand({ workId }: HeldWork): Finished<Result> | undefined {
    const finished = this.#deps.unsaved.atHand.of(workId);
    return finished === undefined ? undefined : this.#stage.recognise?.(finished);
  }

  /** What needs no call. Failed attempts of a time when it did are a part of its story. */
  async #free(message: Message, attempts: readonly Attempt[]): Promise<Finished<Result> | undefined> {
    const done = await this.#stage.free?.(message);
    if (done === undefined) return undefined;
    return finishedBy({ ...done, ...NO_CALL }, attempts);
  }

  async #complete({ held, mark }: Claimed, finished: Finished<Result>): Promise<Completed> {
    const { persist, unsaved } = this.#deps;
    const write = () => persist(() => this.#stage.store.complete(held, finished));
    // Work that no model was asked for is done again at no cost.
    if (finished.model === '' || finished.attempts.length === 0) return write();
    const stored = await unsaved.through(
      { kind: 'answer', stage: this.#stage.name, ...held, finished },
      write,
      mark,
    );
    unsaved.atHand.drop(held.workId);
    return stored;
  }

  /** The record waits for leave to call, for the answer, and between two attempts. */
  async #call(record: LogRecord, message: Message, claimed: Claimed): Promise<Finished<Result>> {
    const { inHand } = this.#deps;
    inHand.waits(record);
    try {
      return await callWithRetry(this.#callOf(record, message, claimed));
    } finally {
      inHand.moves(record);
    }
  }

  #callOf(record: LogRecord, message: Message, claimed: Claimed): CallOptions<Result> {
    const { gate, budget, policy, stop, persist, unsaved, inHand, leases, emit } = this.#deps;
    const { work, held, attempts } = claimed;
    const { name, store, sizeOf } = this.#stage;
    const characters = record.value?.length ?? 0;
    return {
      mostAttempts: this.#stage.mostAttempts?.(message),
      earlier: [...attempts],
      gate,
      work: held.workId,
      estimate: () => this.#tokens.estimate(characters),
      spending:
        budget === undefined || sizeOf === undefined
          ? undefined
          : {
              budget,
              sizeOf: (context) => inHand.step(record, () => sizeOf(message, context)),
              reserve: (size) => inHand.step(record, () => budget.reserve(name, size)),
            },
      policy,
      stop,
      isOurs: () => persist(() => leases.isOurs(held)),
      attempt: async (context, startedAt) => {
        emit({ kind: 'call-started', stage: name, work });
        try {
          const onAnswer = this.#keeperOf(claimed, context, startedAt);
          const done = await this.#stage.run(message, { ...context, onAnswer });
          this.#tokens.learn(done.usage);
          return done;
        } finally {
          emit({ kind: 'call-ended', stage: name, work });
        }
      },
      onFailedAttempt: async (attempt, failure) => {
        attempts.push(attempt);
        emit({ kind: 'attempt-failed', stage: name, record, work, attempt, failure });
        const { mark } = claimed;
        claimed.mark = undefined;
        const write = () => persist(() => store.recordAttempt(held, attempt));
        await inHand.step(record, () =>
          unsaved.through({ kind: 'attempt', stage: name, ...held, attempt }, write, mark),
        );
      },
    };
  }

  /** Puts the answer of an attempt into the journal, in the same turn in which it is told of. */
  #keeperOf(claimed: Claimed, { number }: AttemptContext, startedAt: string): AttemptContext['onAnswer'] {
    const { held, attempts } = claimed;
    const startMs = performance.now();
    return (form, body) => {
      const durationMs = Math.round(performance.now() - startMs);
      const about = { kind: 'arrival', stage: this.#stage.name, ...held, ...form } as const;
      const arrival = { ...about, number, startedAt, durationMs, earlier: [...attempts] };
      claimed.mark = this.#deps.unsaved.arrived(arrival, body);
    };
  }
}
