import { lastValueFrom } from 'rxjs';
import type { Budget } from './budget.ts';
import { callWithRetry } from './call.ts';
import type { CallGate } from './call-gate.ts';
import type { Delivery } from './delivery.ts';
import { asFailure, type Failure } from './failure.ts';
import { ClaimWatch, heldWork, type Leases } from './leases.ts';
import type { RetryPolicy } from './retry-policy.ts';
import { closeLetters, moveToDead, type SettleDeps, settleDeath, settleResult } from './settle-result.ts';
import type { AttemptContext, Stage } from './stage.ts';
import type { StageEvent, StageOutcome } from './stage-events.ts';
import { delayUnless, isStopping, type StopSignals } from './stop.ts';
import { TokenEstimator } from './token-estimate.ts';
import type { UnsavedWrites } from './unsaved-writes.ts';
import type { Attempt, Claim, Finished, HeldWork, Token, WorkKey } from './work.ts';

export type WorkDeps = SettleDeps &
  Readonly<{
    leases: Leases;
    gate: CallGate;
    /** What may be spent. Absent: nothing limits it, and nothing counts it. */
    budget?: Budget | undefined;
    policy: RetryPolicy;
    stop: StopSignals;
    unsaved: UnsavedWrites;
    leaseMs?: number | undefined;
    emit(event: StageEvent): void;
  }>;

type ReadyClaim<Result> = Exclude<Claim<Result>, { kind: 'held' }>;
type Called<Result> =
  | Readonly<{ kind: 'finished'; finished: Finished<Result> }>
  | Readonly<{ kind: 'died'; failure: Failure; attempts: readonly Attempt[] }>
  | Readonly<{ kind: 'lost' }>;

/**
 * The way of one record: decode, claim, call, store, move the status, publish, settle. Total: it never rejects, and
 * settles the delivery only when everything that follows from it is durable.
 */
export class DeliveryWorker<Message, Result> {
  readonly #stage: Stage<Message, Result>;
  readonly #deps: WorkDeps;
  readonly #tokens = new TokenEstimator();

  constructor(stage: Stage<Message, Result>, deps: WorkDeps) {
    this.#stage = stage;
    this.#deps = deps;
  }

  async work(delivery: Delivery): Promise<StageOutcome> {
    const outcome = await this.#outcomeOf(delivery).catch((error: unknown): StageOutcome => {
      const failure = asFailure(error);
      return isStopping(failure) ? { kind: 'abandoned' } : { kind: 'fatal', failure };
    });
    if (outcome.kind !== 'abandoned' && outcome.kind !== 'fatal') delivery.settle();
    return outcome;
  }

  async #outcomeOf(delivery: Delivery): Promise<StageOutcome> {
    if (delivery.record.value === null) return { kind: 'skipped' };
    const decoded = this.#decode(delivery);
    if (decoded instanceof Error)
      return this.#stage.undecodable === 'pass-over'
        ? { kind: 'skipped' }
        : this.#die(delivery, undefined, decoded, []);
    const { message, work } = decoded;
    const outcome = await this.#workMessage(delivery, message, work).catch(async (error: unknown) => {
      const failure = asFailure(error);
      if (failure.kind !== 'poison') throw failure;
      const dead = await this.#die(delivery, work, failure, []);
      await moveToDead(this.#deps, work);
      return dead;
    });
    if (outcome.kind !== 'skipped') await closeLetters(this.#deps, delivery.record, work, endOf(outcome));
    return outcome;
  }

  /** A failure of kind `poison` says that this one message cannot go on: a lane nobody opened, a result too large to publish. */
  async #workMessage(delivery: Delivery, message: Message, work: WorkKey): Promise<StageOutcome> {
    const { accept, wants, recall } = this.#stage;
    const { persist } = this.#deps;
    if (wants !== undefined && !(await persist(() => wants(message, delivery.record))))
      return { kind: 'skipped' };
    if (accept !== undefined) await persist(() => accept(message));
    if (recall !== undefined) {
      const finished = await persist(() => recall(message));
      if (finished === undefined) return { kind: 'skipped' };
      return this.#settle(delivery, message, work, finished, false);
    }
    for (;;) {
      const claim = await this.#claim(work);
      switch (claim.kind) {
        case 'dead':
          await moveToDead(this.#deps, work);
          return { kind: 'repeated', work, dead: true };
        case 'forgotten':
          return { kind: 'skipped' };
        case 'done':
          if (claim.published) return { kind: 'repeated', work, dead: false };
          return this.#settle(delivery, message, work, claim.finished, false);
        case 'claimed': {
          const called = await this.#callUnderLease(delivery, message, work, claim);
          if (called.kind === 'finished') return this.#settle(delivery, message, work, called.finished, true);
          if (called.kind === 'lost') break;
          const outcome = await this.#dieClaimed(delivery, work, claim.token, called);
          if (outcome !== undefined) return outcome;
          break;
        }
        default:
          return claim satisfies never;
      }
    }
  }

  #decode(delivery: Delivery): { message: Message; work: WorkKey } | Failure {
    try {
      const message = this.#stage.decode(delivery.record);
      return { message, work: this.#stage.workOf(message) };
    } catch (error) {
      const failure = asFailure(error);
      if (failure.kind !== 'poison') throw failure;
      return failure;
    }
  }

  async #claim(work: WorkKey): Promise<ReadyClaim<Result>> {
    const { persist, stop, leaseMs } = this.#deps;
    const { store } = this.#stage;
    const watch = new ClaimWatch(leaseMs);
    let claim = await persist(() => store.claim(work));
    while (claim.kind === 'held') {
      await lastValueFrom(delayUnless(stop.draining, watch.lookMs));
      claim = await persist(() => store.claim(work));
      const seen = claim;
      if (seen.kind === 'held') claim = await persist(() => watch.look(store, work, seen, performance.now()));
    }
    return claim;
  }

  async #callUnderLease(
    { record }: Delivery,
    message: Message,
    work: WorkKey,
    { token, attempts: earlier }: Extract<Claim<Result>, { kind: 'claimed' }>,
  ): Promise<Called<Result>> {
    const { leases, unsaved } = this.#deps;
    const held = heldWork(work, token);
    const attempts: Attempt[] = [...earlier];
    leases.hold(held);
    try {
      const characters = record.value?.length ?? 0;
      const finished =
        this.#atHand(held) ?? (await this.#call(message, work, { held, attempts, characters }));
      const stored = await this.#complete(held, finished);
      return stored === 'stored' ? { kind: 'finished', finished } : { kind: 'lost' };
    } catch (error) {
      const failure = asFailure(error);
      if (!isStopping(failure) && failure.kind !== 'fatal') return { kind: 'died', failure, attempts };
      if (!unsaved.holds(held)) await this.#stage.store.release(held).catch(() => undefined);
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

  async #complete(held: HeldWork, finished: Finished<Result>): Promise<'stored' | 'lost'> {
    const { persist, unsaved } = this.#deps;
    const write = () => persist(() => this.#stage.store.complete(held, finished));
    // Work that no model was asked for is done again at no cost.
    if (finished.model === '') return write();
    const stored = await unsaved.through(
      { kind: 'answer', stage: this.#stage.name, ...held, finished },
      write,
    );
    unsaved.atHand.drop(held.workId);
    return stored;
  }

  #call(
    message: Message,
    work: WorkKey,
    { held, attempts, characters }: Readonly<{ held: HeldWork; attempts: Attempt[]; characters: number }>,
  ): Promise<Finished<Result>> {
    const { gate, budget, policy, stop, persist, unsaved, emit } = this.#deps;
    const { name, store, sizeOf } = this.#stage;
    return callWithRetry({
      mostAttempts: this.#stage.mostAttempts?.(message),
      earlier: [...attempts],
      gate,
      estimate: () => this.#tokens.estimate(characters),
      spending:
        budget === undefined || sizeOf === undefined
          ? undefined
          : { budget, stage: name, sizeOf: (context) => sizeOf(message, context) },
      policy,
      stop,
      attempt: async (context: AttemptContext) => {
        emit({ kind: 'call-started', stage: name, work });
        try {
          const done = await this.#stage.run(message, context);
          this.#tokens.learn(done.usage);
          return done;
        } finally {
          emit({ kind: 'call-ended', stage: name, work });
        }
      },
      onFailedAttempt: async (attempt, failure) => {
        attempts.push(attempt);
        emit({ kind: 'attempt-failed', stage: name, work, attempt, failure });
        await unsaved.through({ kind: 'attempt', stage: name, ...held, attempt }, () =>
          persist(() => store.recordAttempt(held, attempt)),
        );
      },
    });
  }

  async #settle(
    delivery: Delivery,
    message: Message,
    work: WorkKey,
    finished: Finished<Result>,
    called: boolean,
  ): Promise<StageOutcome> {
    const result = this.#stage.decide(message, finished);
    const { record } = delivery;
    const { attempts } = finished;
    await settleResult(this.#deps, result, { stage: this.#stage.name, record, work, attempts });
    if (result.kind !== 'dead-letter') return { kind: 'settled', work, result, finished, called };
    await moveToDead(this.#deps, work);
    return { kind: 'dead-lettered', work, failure: result.failure };
  }

  /** `undefined` where the claim was lost: what stands there now decides, and the question is not ended over it. */
  async #dieClaimed(
    delivery: Delivery,
    work: WorkKey,
    token: Token,
    { failure, attempts }: Extract<Called<Result>, { kind: 'died' }>,
  ): Promise<StageOutcome | undefined> {
    const outcome = await this.#die(delivery, work, failure, attempts);
    const buried = await this.#deps.persist(() => this.#stage.store.bury(heldWork(work, token), work));
    if (buried === 'lost') return undefined;
    await moveToDead(this.#deps, work);
    return outcome;
  }

  async #die(
    delivery: Delivery,
    work: WorkKey | undefined,
    failure: Failure,
    attempts: readonly Attempt[],
  ): Promise<StageOutcome> {
    await settleDeath(this.#deps, {
      stage: this.#stage.name,
      record: delivery.record,
      work,
      failure,
      attempts,
    });
    return { kind: 'dead-lettered', work, failure };
  }
}

function endOf(outcome: StageOutcome): 'alive' | 'dead' {
  if (outcome.kind === 'repeated') return outcome.dead ? 'dead' : 'alive';
  return outcome.kind === 'settled' ? 'alive' : 'dead';
}
