import {
  combineLatest,
  lastValueFrom,
  mergeMap,
  type Observable,
  of,
  ReplaySubject,
  takeUntil,
  tap,
} from 'rxjs';
import type { Budget } from '../budget/budget.ts';
import type { CallGate } from '../limits/call-gate.ts';
import type { Log, LogRecord } from '../log/log.ts';
import type { StopSignals } from '../stop.ts';
import { NO_JOURNAL } from '../work/journal.ts';
import { Leases } from '../work/leases.ts';
import { persistThrough } from '../work/persist.ts';
import type { RetryPolicy } from '../work/retry-policy.ts';
import { UnsavedWrites } from '../work/unsaved-writes.ts';
import type { Delivery } from './delivery.ts';
import { DeliverySource, type DeliverySourceOptions } from './delivery-source.ts';
import { InHand, type Moving } from './in-hand.ts';
import { type Left, LeftRecords } from './left-records.ts';
import { PublishedMarks } from './published-marks.ts';
import type { Stage } from './stage.ts';
import type { StageEvent, StageOutcome } from './stage-events.ts';
import type { StageTracer } from './stage-tracer.ts';
import type { StatusRepository } from './status-repository.ts';
import { DeliveryWorker } from './work-delivery.ts';

export type RunStageDeps = Readonly<{
  log: Pick<Log, 'consumer' | 'publish'>;
  questions: StatusRepository;
  gate: CallGate;
  budget?: Budget | undefined;
  policy: RetryPolicy;
  stop: StopSignals;
  /** Where paid answers wait for the store. Default: nowhere; they are lost if the process ends first. */
  unsaved?: UnsavedWrites | undefined;
  /** How long a claim is valid without being renewed. */
  leaseMs?: number | undefined;
  /** Absent: nothing is traced. */
  tracer?: StageTracer | undefined;
  /** Whether a person has paused the stage. Default: never. */
  paused?: Observable<boolean> | undefined;
  onEvent(event: StageEvent): void;
}>;

export type RunStageOptions = Omit<DeliverySourceOptions, 'topic'>;

export type RunningStage = Readonly<{
  name: string;
  /** How many records are delivered and not settled. */
  unsettled(): number;
  /** The record in hand that should move and has not moved for the longest time. */
  oldest(): Moving | undefined;
  /** How many of them only a newer version can read. */
  left(): readonly Left[];
  /** The most of them at once. */
  credits: number;
  /** How many works are claimed here now. */
  leases(): number;
  /** How many partitions are ours now. */
  partitions(): number;
  /** Resolves when the stage has drained and left its group; rejects with a Failure when its consumer died. */
  done: Promise<void>;
  /** Takes no more records, waits for those in hand, commits, and leaves the group. The same as aborting `stop.draining`. */
  drain(): Promise<void>;
}>;

type Ended = Readonly<{ record: LogRecord; outcome: StageOutcome; durationMs: number }>;

/**
 * Starts a stage on its topic: it takes as many deliveries as there is credit for, and works on each in `mergeMap`. A retry
 * happens inside one inner observable, so it never re-runs another record or the source.
 */
export function runStage<Message, Result>(
  stage: Stage<Message, Result>,
  deps: RunStageDeps,
  options: RunStageOptions,
): RunningStage {
  const { name } = stage;
  const emit = deps.onEvent;
  const source = new DeliverySource(deps.log, { ...options, topic: stage.topic });
  const marks = new PublishedMarks(stage.store);
  const persist = persistThrough(deps.stop, (failure) => emit({ kind: 'write-waits', stage: name, failure }));
  const leases = new Leases(stage.store, deps.leaseMs);
  const inHand = new InHand();
  const left = new LeftRecords((record) => source.isOut(record));
  const unsaved = deps.unsaved ?? new UnsavedWrites({ journal: NO_JOURNAL, stop: deps.stop });
  const worker = new DeliveryWorker(stage, { ...deps, marks, persist, leases, inHand, unsaved, emit });
  const stopped = new ReplaySubject<void>(1);

  const worked = async (delivery: Delivery): Promise<Ended> => {
    const startMs = performance.now();
    const outcome = await worker.work(delivery);
    if (outcome.kind === 'left')
      left.add({ record: delivery.record, code: outcome.failure.code, why: outcome.failure.message });
    return { record: delivery.record, outcome, durationMs: performance.now() - startMs };
  };
  const held = combineLatest([deps.gate.open, deps.paused ?? of(false)]).subscribe((reasons) =>
    source.holdIntake(reasons.some(Boolean)),
  );
  const stopIntake = () => {
    source.pauseIntake();
    stopped.next();
  };
  const outcomes = source.deliveries.pipe(
    takeUntil(stopped),
    mergeMap(worked, options.credits),
    tap((ended) => emit({ kind: 'outcome', stage: name, ...ended })),
  );
  if (deps.stop.draining.aborted) stopIntake();
  deps.stop.draining.addEventListener('abort', stopIntake, { once: true });
  const done = lastValueFrom(outcomes, { defaultValue: undefined })
    .finally(() => held.unsubscribe())
    .finally(() => marks.flush())
    .finally(() => source.close())
    .then(() => undefined);
  const drain = () => {
    stopIntake();
    return done;
  };
  return {
    name,
    unsettled: () => source.unsettled,
    oldest: () => inHand.oldest,
    left: () => left.all,
    credits: options.credits,
    leases: () => leases.held,
    partitions: () => source.partitions,
    done,
    drain,
  };
}
