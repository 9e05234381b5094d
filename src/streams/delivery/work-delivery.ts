import { lastValueFrom } from 'rxjs';
import { asFailure, Failure, NEWER_RECORD, PART_MISSING } from '../failure.ts';
import type { LogRecord } from '../log/log.ts';
import { inTraceOf } from '../log/trace-context.ts';
import { delayUnless, isStopping } from '../stop.ts';
import { type Called, type ClaimedAt, type LeasedCallDeps, LeasedCaller } from '../work/leased-call.ts';
import { ClaimWatch, heldWork } from '../work/leases.ts';
import type { Attempt, Claim, Finished, Token, WorkKey } from '../work/work.ts';
import type { Delivery } from './delivery.ts';
import { closeLetters, moveToDead, type SettleDeps, settleDeath, settleResult } from './settle-result.ts';
import type { Stage } from './stage.ts';
import type { StageOutcome } from './stage-events.ts';
import type { StageTracer } from './stage-tracer.ts';

export type WorkDeps = SettleDeps & LeasedCallDeps & Readonly<{ tracer?: StageTracer | undefined }>;

const SETTLING: Readonly<Record<StageOutcome['kind'], boolean>> = {
  settled: true,
  repeated: true,
  skipped: true,
  'dead-lettered': true,
  left: false,
  abandoned: false,
  fatal: false,
};

type Decoded<Message> = Readonly<{ message: Message; work: WorkKey }>;

type ReadyClaim<Result> = Exclude<Claim<Result>, { kind: 'held' | 'claimed' }> | ClaimedAt<Result>;

/**
 * The way of one record: decode, claim, call, store, move the status, publish, settle. Total: it never rejects, and
 * settles the delivery only when everything that follows from it is durable.
 */
export class DeliveryWorker<Message, Result> {
  readonly #stage: Stage<Message, Result>;
  readonly #deps: WorkDeps;
  readonly #caller: LeasedCaller<Message, Result>;

  constructor(stage: Stage<Message, Result>, deps: WorkDeps) {
    this.#stage = stage;
    this.#deps = deps;
    this.#caller = new LeasedCaller(stage, deps);
  }

  async work(delivery: Delivery): Promise<StageOutcome> {
    this.#deps.inHand.moves(delivery.record);
    const outcome = await this.#outcomeOf(delivery).catch((error: unknown): StageOutcome => {
      const failure = asFailure(error);
      return isStopping(failure) ? { kind: 'abandoned' } : { kind: 'fatal', failure };
    });
    this.#deps.inHand.ends(delivery.record);
    if (SETTLING[outcome.kind]) delivery.settle();
    return outcome;
  }

  async #outcomeOf(delivery: Delivery): Promise<StageOutcome> {
    const { value, unreadable } = delivery.record;
    if (value === null && unreadable === undefined) return { kind: 'skipped' };
    const decoded = this.#decode(delivery);
    const { tracer } = this.#deps;
    if (tracer === undefined) return this.#workDecoded(delivery, decoded);
    const work = decoded instanceof Error ? undefined : decoded.work;
    const { name: stage, ownTrace = false } = this.#stage;
    const traced = { stage, record: delivery.record, work, ownTrace };
    return tracer.work(traced, () => this.#workDecoded(delivery, decoded));
  }

  async #workDecoded(delivery: Delivery, decoded: Decoded<Message> | Failure): Promise<StageOutcome> {
    if (decoded instanceof Error && decoded.code === NEWER_RECORD) return { kind: 'left', failure: decoded };
    if (decoded instanceof Error)
      return this.#stage.undecodable === 'pass-over'
        ? { kind: 'skipped' }
        : this.#die(delivery, undefined, decoded, []);
    const { message, work } = decoded;
    const outcome = await this.#workMessage(delivery, message, work).catch(async (error: unknown) => {
      const failure = asFailure(error);
      if (failure.code === PART_MISSING) return { kind: 'left' as const, failure };
      if (failure.kind !== 'poison') throw failure;
      const dead = await this.#die(delivery, work, failure, []);
      await moveToDead(this.#deps, work);
      return dead;
    });
    if (outcome.kind !== 'skipped' && outcome.kind !== 'left')
      await closeLetters(this.#deps, delivery.record, work, endOf(outcome));
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
    let paid: Finished<Result> | undefined;
    for (;;) {
      const claim = await this.#claim(delivery.record, work);
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
          const called = await this.#caller.call(delivery.record, message, work, claim, paid);
          if (called.kind === 'finished') return this.#settle(delivery, message, work, called.finished, true);
          if (called.kind === 'lost') {
            paid = called.finished;
            break;
          }
          const outcome = await this.#dieClaimed(delivery, work, claim.token, called);
          if (outcome !== undefined) return outcome;
          break;
        }
        default:
          return claim satisfies never;
      }
    }
  }

  #decode(delivery: Delivery): Decoded<Message> | Failure {
    const { unreadable } = delivery.record;
    if (unreadable !== undefined) return new Failure('poison', unreadable.code, unreadable.message);
    try {
      const message = this.#stage.decode(delivery.record);
      return { message, work: this.#stage.workOf(message) };
    } catch (error) {
      const failure = asFailure(error);
      if (failure.kind !== 'poison') throw failure;
      return failure;
    }
  }

  async #claim(record: LogRecord, work: WorkKey): Promise<ReadyClaim<Result>> {
    const { persist, stop, leaseMs, inHand } = this.#deps;
    const { store } = this.#stage;
    const watch = new ClaimWatch(leaseMs);
    let askedMs = 0;
    const ask = (asking: () => Promise<Claim<Result>>) =>
      persist(() => {
        askedMs = performance.now();
        return asking();
      });
    let claim = await ask(() => store.claim(work));
    while (claim.kind === 'held') {
      inHand.waits(record);
      await lastValueFrom(delayUnless(stop.draining, watch.lookMsOf(claim)));
      inHand.moves(record);
      claim = await ask(() => store.claim(work));
      const seen = claim;
      if (seen.kind === 'held') claim = await ask(() => watch.look(store, work, seen, performance.now()));
    }
    return claim.kind === 'claimed' ? { ...claim, askedMs } : claim;
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
    const { name, ownTrace } = this.#stage;
    const followed = ownTrace ? result : inTraceOf(record, result);
    await settleResult(this.#deps, followed, { stage: name, record, work, attempts });
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
