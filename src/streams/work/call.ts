import { throwError } from 'rxjs';
import { type Budget, type Reservation, takenBy, takenOf } from '../budget/budget.ts';
import { TokenEstimator } from '../budget/token-estimate.ts';
import type { InHand } from '../delivery/in-hand.ts';
import type { AttemptContext, AttemptResult, NextMove, Stage } from '../delivery/stage.ts';
import type { StageEvent } from '../delivery/stage-events.ts';
import { asFailure, type Failure, NO_USAGE } from '../failure.ts';
import type { CallGate, Pass } from '../limits/call-gate.ts';
import type { LogRecord } from '../log/log.ts';
import { delayUnless, isStopping, type StopSignals, stopping } from '../stop.ts';
import { type AttemptTime, failedAttempt, finishedBy, succeededAttempt } from './attempts.ts';
import { claimLost, isClaimLost } from './claim-lost.ts';
import { type Call, type Claimed, claimedWork, madeOf } from './claimed-work.ts';
import { heldWork, type Leases } from './leases.ts';
import type { Persist } from './persist.ts';
import { retried } from './retried.ts';
import { NO_RETRIES, type RetryPolicy } from './retry-policy.ts';
import type { Step } from './step.ts';
import { bySteps, type StepLoop } from './step-loop.ts';
import type { UnsavedWrites } from './unsaved-writes.ts';
import type { Attempt, Claim, Completed, Finished, HeldWork, WorkKey } from './work.ts';

export type CallDeps = Readonly<{
  leases: Leases;
  inHand: InHand;
  gate: CallGate;
  /** The budget. Absent: spending is neither limited nor counted. */
  budget?: Budget | undefined;
  policy: RetryPolicy;
  persist: Persist;
  stop: StopSignals;
  unsaved: UnsavedWrites;
  leaseMs?: number | undefined;
  emit(event: StageEvent): void;
}>;

/** `lost`: another process holds the claim, so the answer was not stored, or the call not made. The answer is used if the claim comes back. */
export type Called<Result> =
  | Readonly<{ kind: 'finished'; finished: Finished<Result> }>
  | Readonly<{ kind: 'died'; failure: Failure; attempts: readonly Attempt[] }>
  | Readonly<{ kind: 'lost'; finished: Finished<Result> | undefined }>;

/** `askedMs`: when the claim was asked for, by `performance.now()`. */
export type ClaimedAt<Result> = Extract<Claim<Result>, { kind: 'claimed' }> & Readonly<{ askedMs: number }>;

type Paid = Pick<Step, 'usage' | 'costUsd'>;

const NO_CALL = { recipe: '', usage: NO_USAGE, costUsd: 0, finishReason: '', reply: '' };
const NOTHING_TAKEN = { usage: NO_USAGE, costUsd: 0 };

/** Makes the calls of a claimed work, renews its lease meanwhile, and stores the answer. An answer already paid for is not asked for again. */
export class WorkCaller<Message, Result> {
  readonly #stage: Stage<Message, Result>;
  readonly #deps: CallDeps;
  readonly #tokens = new TokenEstimator();

  constructor(stage: Stage<Message, Result>, deps: CallDeps) {
    this.#stage = stage;
    this.#deps = deps;
  }

  /**
   * Rejects if the process stops, or must stop: with `stopping()`, or a Failure of kind `fatal`.
   *
   * @param paid an answer of ours that arrived while another process held the claim.
   */
  async call(
    record: LogRecord,
    message: Message,
    work: WorkKey,
    { token, attempts, askedMs, steps = 0 }: ClaimedAt<Result>,
    paid?: Finished<Result>,
  ): Promise<Called<Result>> {
    const { leases, unsaved } = this.#deps;
    const held = heldWork(work, token);
    const claimed = claimedWork(record, work, held, attempts);
    leases.hold(held, askedMs);
    let finished = paid;
    try {
      finished ??= this.#atHand(held) ?? (await this.#free(message, claimed));
      const next = finished === undefined ? await this.#stage.byStep?.(message) : undefined;
      if (next !== undefined) finished = await this.#bySteps(next, claimed, steps);
      finished ??= await this.#answered(message, claimed);
      const stored = await this.#complete(claimed, finished);
      if (stored === 'stored') return { kind: 'finished', finished };
      return { kind: 'lost', finished: stored === 'void' ? undefined : finished };
    } catch (error) {
      if (isClaimLost(error)) return { kind: 'lost', finished: paid };
      const failure = asFailure(error);
      // An answer that its store refuses was paid for: it goes with the dead letter.
      if (!isStopping(failure) && failure.kind !== 'fatal')
        return { kind: 'died', failure, attempts: finished?.attempts ?? madeOf(claimed) };
      if (claimed.mark?.kept !== true && !unsaved.holds(held))
        await this.#stage.store.release(held).catch(() => undefined);
      throw failure;
    } finally {
      leases.drop(held);
    }
  }

  /** Paid for by an earlier process. */
  #atHand({ workId }: HeldWork): Finished<Result> | undefined {
    const finished = this.#deps.unsaved.atHand.of(workId);
    return finished === undefined ? undefined : this.#stage.recognise?.(finished);
  }

  /** A result that needs no call. Earlier failed attempts stay in its history. */
  async #free(message: Message, { failed }: Claimed): Promise<Finished<Result> | undefined> {
    const done = await this.#stage.free?.(message);
    return done && finishedBy({ ...done, ...NO_CALL }, failed);
  }

  async #answered(message: Message, claimed: Claimed): Promise<Finished<Result>> {
    const { mostAttempts, sizeOf } = this.#stage;
    const act: Call<AttemptResult<Result>> = {
      run: async (attempt) => this.#stage.run(message, attempt),
      sizeOf: sizeOf && ((attempt) => sizeOf(message, attempt)),
      mostAttempts: mostAttempts?.(message),
    };
    const { made, time } = await this.#act(act, claimed);
    return finishedBy(made, [...claimed.failed, succeededAttempt(time, made)]);
  }

  async #bySteps(next: NextMove<Result>, claimed: Claimed, stepCount: number): Promise<Finished<Result>> {
    const { store, name: stage, callOf = () => undefined } = this.#stage;
    const { persist, unsaved, stop, inHand, emit } = this.#deps;
    const { record, work, held, failed, calls } = claimed;
    const { drive } = work;
    const steps = stepCount === 0 ? [] : await persist(() => store.steps(held.workId));
    calls.push(...steps.flatMap((step) => callOf(step) ?? []));
    const make: StepLoop<Result>['make'] = async (act, n, timed) => {
      if (act.free) return act.run({ number: 1, previous: undefined, signal: stop.aborted });
      const { price, sizeOf = price === undefined ? undefined : async () => ({ costUsd: price }) } = act;
      const step = { n, key: act.key, kind: act.kind, drive };
      return (await this.#act({ ...act, sizeOf, step, timed }, claimed)).made;
    };
    const keep: StepLoop<Result>['keep'] = async (step, before) => {
      const write = () => before.then(() => persist(() => store.appendStep(held, step)));
      const unsavedStep = { kind: 'step', stage, ...held, step } as const;
      const paid = step.kind !== 'turn' && step.costUsd !== 0;
      const mark = step.kind === 'turn' ? claimed.mark : paid ? unsaved.keep(unsavedStep) : undefined;
      if (step.kind === 'turn') claimed.mark = undefined;
      inHand.moves(record);
      const call = callOf(step);
      emit({ kind: 'step-made', stage, work, step, call, again: claimed.again });
      if (call !== undefined) {
        calls.push(call);
        claimed.again = call.outcome !== 'ok';
      }
      const kept = await unsaved.through(unsavedStep, write, mark).finally(() => this.#rests(claimed));
      if (kept === 'lost') throw claimLost();
    };
    return bySteps({ next, steps, drive, make, keep, callOf, failed });
  }

  /**
   * Admit, call, retry, record: makes attempts until one succeeds or the policy gives up. Waiting holds no permit. Rejects with
   * the last Failure, with `stopping()` when the process drains while it waits, or with `claimLost()`.
   */
  #act<Made extends Paid>(act: Call<Made>, claimed: Claimed): Promise<{ made: Made; time: AttemptTime }> {
    const { policy, stop, unsaved, inHand, emit } = this.#deps;
    const { gate = this.#deps.gate } = act;
    const { record, work, held, failed } = claimed;
    const stage = this.#stage.name;
    let previous: Failure | undefined;
    let count = NO_RETRIES;
    let tried = false;
    let answeredBefore = gate.answered;

    const attemptOnce = async () => {
      const number = failed.length + 1;
      const context: AttemptContext = { number, previous, signal: stop.aborted };
      const { pass, reservation } = await this.#admitted(act, claimed, context, tried);
      tried = true;
      const startedAt = new Date().toISOString();
      const startMs = performance.now();
      const time = () => ({ number, startedAt, durationMs: Math.round(performance.now() - startMs) });
      // In the same turn in which the answer is told of, it stands in the journal.
      const onAnswer: AttemptContext['onAnswer'] = (form, body) => {
        const about = { kind: 'arrival', stage, ...held, ...form, ...time() } as const;
        claimed.mark = unsaved.arrived({ ...about, earlier: [...failed], step: act.step }, body);
      };
      emit({ kind: 'call-started', stage, work });
      const ended = await act.run({ ...context, onRates: pass.onRates, onAnswer }).then(
        (made) => ({ made, time: time() }),
        (error: unknown) => ({ failure: asFailure(error), time: time() }),
      );
      emit({ kind: 'call-ended', stage, work });
      act.timed?.(ended.time);
      if ('made' in ended) {
        this.#tokens.learn(ended.made.usage);
        reservation?.settle(takenOf(ended.made));
        pass.leave(undefined, ended.made.usage);
        return ended;
      }
      reservation?.settle(takenBy(ended.failure));
      const { failure: own } = ended;
      const failure = (await pass.leave(own, own.facts.reply?.usage)) ?? own;
      if (!isStopping(failure)) {
        const lookUp = act.step?.kind === 'result';
        await this.#record(claimed, failedAttempt(ended.time, failure), failure, lookUp);
      }
      throw failure;
    };

    const whenToRetry = (error: unknown) => {
      const failure = asFailure(error);
      if (isStopping(failure) || isClaimLost(failure)) return throwError(() => failure);
      // What the model has to mend stays known across a timeout or a 500 in between.
      if (failure.kind === 'content' || previous?.kind !== 'content') previous = failure;
      const seen = { circuitClosed: gate.circuitClosed, othersAnswered: gate.answered > answeredBefore };
      answeredBefore = gate.answered;
      const decision = policy(failure, count, seen, act.mostAttempts);
      if (decision.kind === 'give-up') return throwError(() => failure);
      count = decision.count;
      return delayUnless(stop.draining, decision.delayMs);
    };

    // The record waits for leave to call, for the answer, and between two attempts.
    claimed.out += 1;
    inHand.waits(record);
    return retried(attemptOnce, whenToRetry).finally(() => {
      claimed.out -= 1;
      inHand.moves(record);
      this.#rests(claimed);
    });
  }

  /** Calls of the same work are in flight: it need not move before they are back. */
  #rests({ record, out }: Claimed): void {
    if (out > 0) this.#deps.inHand.waits(record);
  }

  /**
   * Admits the call when the stage has a permit, the server answers and the budget has room. Waiting for the budget holds no permit.
   * This is the only place where calls are admitted: everything that may delay or forbid one is checked here.
   */
  async #admitted(
    { sizeOf, gate = this.#deps.gate }: Call<unknown>,
    { record, held }: Claimed,
    context: AttemptContext,
    again: boolean,
  ): Promise<{ pass: Pass; reservation: Reservation | undefined }> {
    const { budget, stop, inHand, persist, leases } = this.#deps;
    const tokens = this.#tokens.estimate(record.value?.length ?? 0);
    const request = { tokens, again, work: held.workId, signal: stop.draining };
    const spending = sizeOf === undefined || budget === undefined ? undefined : { sizeOf, budget };
    const sized = spending?.budget.limited === true ? spending : undefined;
    const size = sized && (await inHand.step(record, () => sized.sizeOf(context)));
    for (;;) {
      const pass = await gate.enter(request);
      let reservation: Reservation | undefined;
      try {
        if (spending !== undefined)
          reservation = await inHand.step(record, () => spending.budget.reserve(this.#stage.name, size));
        if (spending === undefined || reservation !== undefined) {
          // The last word, after all the waiting: whether the work is still to be done here.
          if (!(leases.isFresh(held) || (await persist(() => leases.isOurs(held))))) throw claimLost();
          return { pass, reservation };
        }
      } catch (failure) {
        reservation?.settle(NOTHING_TAKEN);
        pass.leave(stopping());
        throw failure;
      }
      pass.leave(stopping());
      await spending.budget.room(stop.draining);
    }
  }

  /** Stores a failed attempt, before the next one starts. */
  async #record(claimed: Claimed, failed: Attempt, failure: Failure, lookUp: boolean): Promise<void> {
    const { persist, unsaved, inHand, emit } = this.#deps;
    const { name: stage, store } = this.#stage;
    const { record, work, held, mark } = claimed;
    // Those that were at work beside it began with the same number.
    const attempt = { ...failed, number: claimed.failed.length + 1 };
    claimed.failed.push(attempt);
    claimed.mark = undefined;
    emit({ kind: 'attempt-failed', stage, record, work, attempt, failure, lookUp, again: claimed.again });
    if (!lookUp) claimed.again = true;
    const write = () => persist(() => store.recordAttempt(held, attempt));
    const kept = { kind: 'attempt', stage, ...held, attempt } as const;
    await inHand.step(record, () => unsaved.through(kept, write, mark));
  }

  async #complete({ held, mark }: Claimed, finished: Finished<Result>): Promise<Completed> {
    const { persist, unsaved } = this.#deps;
    const write = () => persist(() => this.#stage.store.complete(held, finished));
    // Work that no model was asked for is done again at no cost.
    if (finished.model === '' || finished.attempts.length === 0 || finished.stepped) return write();
    const answer = { kind: 'answer', stage: this.#stage.name, ...held, finished } as const;
    const stored = await unsaved.through(answer, write, mark);
    unsaved.atHand.drop(held.workId);
    return stored;
  }
}
