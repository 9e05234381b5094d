import { lastValueFrom } from 'rxjs';
import { asFailure, Failure, NEWER_RECORD, PART_MISSING } from '../failure.ts';
import type { LogRecord } from '../log/log.ts';
import { inTraceOf } from '../log/trace-context.ts';
import { delayUnless, isStopping } from '../stop.ts';
import { type CallDeps, type Called, type ClaimedAt, WorkCaller } from '../work/call.ts';
import { ClaimWatch, heldWork } from '../work/leases.ts';
import type { Attempt, Claim, Finished, Token, WorkKey } from '../work/work.ts';
import type { Delivery } from './delivery.ts';
import { closeDeadLetters, moveToDead, type SettleDeps, settleDeath, settleResult } from './settle-result.ts';
import type { Stage } from './stage.ts';
import type { StageOutcome } from './stage-events.ts';
import type { StageTracer } from './stage-tracer.ts';

export type WorkDeps = SettleDeps & CallDeps & Readonly<{ tracer?: StageTracer | undefined }>;

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
 * Takes one record all the way: decode, claim, call, store, move the status, publish, settle. Never rejects, and settles
 * the delivery only when everything that follows from it is durable.
 */
export class DeliveryWorker<Message, Result> {
  readonly #stage: Stage<Message, Result>;
  readonly #deps: WorkDeps;
  readonly #caller: WorkCaller<Message, Result>;

  constructor(stage: Stage<Message, Result>, deps: WorkDeps) {
    this.#stage = stage;
    this.#deps = deps;
    this.#caller = new WorkCaller(stage, deps);
  }

  async work({ record, settle }: Delivery): Promise<StageOutcome> {
    const { inHand } = this.#deps;
    inHand.moves(record);
    const outcome = await this.#outcomeOf(record).catch((error: unknown): StageOutcome => {
      const failure = asFailure(error);
      return isStopping(failure) ? { kind: 'abandoned' } : { kind: 'fatal', failure };
    });
    inHand.ends(record);
    if (SETTLING[outcome.kind]) settle();
    return outcome;
  }

  async #outcomeOf(record: LogRecord): Promise<StageOutcome> {
    if (record.value === null && record.unreadable === undefined) return { kind: 'skipped' };
    const decoded = this.#decode(record);
    const worked = () =>
      decoded instanceof Error ? this.#undecoded(record, decoded) : this.#worked(record, decoded);
    const { tracer } = this.#deps;
    if (tracer === undefined) return worked();
    const work = decoded instanceof Error ? undefined : decoded.work;
    const { name: stage, ownTrace = false } = this.#stage;
    return tracer.work({ stage, record, work, ownTrace }, worked);
  }

  async #undecoded(record: LogRecord, failure: Failure): Promise<StageOutcome> {
    if (failure.code === NEWER_RECORD) return { kind: 'left', failure };
    if (this.#stage.undecodable === 'pass-over') return { kind: 'skipped' };
    return this.#die(record, undefined, failure, []);
  }

  /** A failure of kind `poison` says that this one message cannot go on: a lane nobody opened, a result too large to publish. */
  async #worked(record: LogRecord, decoded: Decoded<Message>): Promise<StageOutcome> {
    const { work } = decoded;
    const outcome = await this.#ended(record, decoded).catch(async (error: unknown) => {
      const failure = asFailure(error);
      if (failure.code === PART_MISSING) return { kind: 'left' as const, failure };
      if (failure.kind !== 'poison') throw failure;
      const dead = await this.#die(record, work, failure, []);
      await moveToDead(this.#deps, work);
      return dead;
    });
    if (outcome.kind !== 'skipped' && outcome.kind !== 'left')
      await closeDeadLetters(this.#deps, record, work, endOf(outcome));
    return outcome;
  }

  async #ended(record: LogRecord, { message, work }: Decoded<Message>): Promise<StageOutcome> {
    const { accept, wants, recall } = this.#stage;
    const { persist } = this.#deps;
    if (wants !== undefined && !(await persist(() => wants(message, record)))) return { kind: 'skipped' };
    if (accept !== undefined) await persist(() => accept(message));
    if (recall !== undefined) {
      const finished = await persist(() => recall(message));
      if (finished === undefined) return { kind: 'skipped' };
      return this.#settle(record, message, work, finished, false);
    }
    let paid: Finished<Result> | undefined;
    for (;;) {
      const claim = await this.#claim(record, work);
      switch (claim.kind) {
        case 'dead':
          await moveToDead(this.#deps, work);
          return { kind: 'repeated', work, dead: true };
        case 'forgotten':
          return { kind: 'skipped' };
        case 'done':
          if (claim.published) return { kind: 'repeated', work, dead: false };
          return this.#settle(record, message, work, claim.finished, false);
        case 'claimed': {
          const called = await this.#caller.call(record, message, work, claim, paid);
          if (called.kind === 'finished') return this.#settle(record, message, work, called.finished, true);
          if (called.kind === 'lost') {
            paid = called.finished;
            break;
          }
          const outcome = await this.#dieClaimed(record, work, claim.token, called);
          if (outcome !== undefined) return outcome;
          break;
        }
        default:
          return claim satisfies never;
      }
    }
  }

  #decode(record: LogRecord): Decoded<Message> | Failure {
    const { unreadable } = record;
    if (unreadable !== undefined) return new Failure('poison', unreadable.code, unreadable.message);
    try {
      const message = this.#stage.decode(record);
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
    record: LogRecord,
    message: Message,
    work: WorkKey,
    finished: Finished<Result>,
    called: boolean,
  ): Promise<StageOutcome> {
    const result = this.#stage.decide(message, finished);
    const { attempts } = finished;
    const { name, ownTrace } = this.#stage;
    const followed = ownTrace ? result : inTraceOf(record, result);
    await settleResult(this.#deps, followed, { stage: name, record, work, attempts });
    if (result.kind !== 'dead-letter') return { kind: 'settled', work, result, finished, called };
    await moveToDead(this.#deps, work);
    return { kind: 'dead-lettered', work, failure: result.failure };
  }

  /** `undefined` if the claim was lost: the new holder decides, and the question is not ended because of it. */
  async #dieClaimed(
    record: LogRecord,
    work: WorkKey,
    token: Token,
    { failure, attempts }: Extract<Called<Result>, { kind: 'died' }>,
  ): Promise<StageOutcome | undefined> {
    const outcome = await this.#die(record, work, failure, attempts);
    const buried = await this.#deps.persist(() => this.#stage.store.bury(heldWork(work, token), work));
    if (buried === 'lost') return undefined;
    await moveToDead(this.#deps, work);
    return outcome;
  }

  async #die(
    record: LogRecord,
    work: WorkKey | undefined,
    failure: Failure,
    attempts: readonly Attempt[],
  ): Promise<StageOutcome> {
    await settleDeath(this.#deps, { stage: this.#stage.name, record, work, failure, attempts });
    return { kind: 'dead-lettered', work, failure };
  }
}

function endOf(outcome: StageOutcome): 'alive' | 'dead' {
  if (outcome.kind === 'repeated') return outcome.dead ? 'dead' : 'alive';
  return outcome.kind === 'settled' ? 'alive' : 'dead';
}
