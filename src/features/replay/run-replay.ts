import { topicOf } from '../../stages/stage-names.ts';
import { openCount } from '../../stages/status.ts';
import type { KnownReplay, ReplayPlan } from '../../stages/store/replay-plan.ts';
import { statusCounts } from '../../stages/store/status-counts.ts';
import type { StatusCounts } from '../../stages/store/store.ts';
import type { BudgetScope } from '../../streams/budget/budget.ts';
import type { Log } from '../../streams/log/log.ts';
import type { MeterReading } from '../run/progress/meter.ts';
import { type ReplayProgress, type RunProgress, RunProgressReader } from '../run/progress/run-progress.ts';
import type { Session } from '../run/session/session.ts';
import { untilDrained, untilOver } from '../run/until-over.ts';
import { recordsIn } from './pin-offsets.ts';
import { readReplaySource } from './read-replay-source.ts';
import { ReplayTally } from './replay-tally.ts';
import { untilQuiet } from './until-quiet.ts';

export type ReplayOptions = Readonly<{
  /** Ends when the source is read, and leaves the rest of the lane to workers. */
  onlyReplay: boolean;
  onStarted?: ((reader: Readonly<{ read(): Promise<RunProgress> }>) => void) | undefined;
}>;

/** What came of a replay, in this session. */
export type ReplaySummary = Readonly<{
  plan: ReplayPlan;
  simulated: boolean;
  reading: ReplayProgress;
  /** Whether the source was read up to its pinned end. */
  isRead: boolean;
  interrupted: boolean;
  /** Where the questions of the lane stand that a reprocess opened. */
  counts: StatusCounts;
  /** Records of the source that became dead letters. */
  dead: number;
  /** Questions of that lane that are not at an end. */
  open: number;
  seconds: number;
  spent: MeterReading;
  /** The budget that interrupted the replay. */
  budgetSpent: BudgetScope | undefined;
}>;

/**
 * Reads the source again and waits until what follows from it has ended, or the session is stopped. Rejects with the
 * Failure that broke the session. Stopped or killed, it goes on where it was.
 */
export async function runReplay(
  session: Session,
  { plan, readAt }: KnownReplay,
  options: ReplayOptions,
): Promise<ReplaySummary> {
  const startMs = performance.now();
  const { engine } = session;
  const messages = recordsIn(plan);
  const before = readAt === undefined ? await readBefore(engine.log, session.namespace, plan) : messages;
  const tally = new ReplayTally(messages, before);
  const counts = () => countsOf(session, plan);
  options.onStarted?.(progressReader(session, plan, tally, counts));
  let isRead = readAt !== undefined;
  const work = async () => {
    isRead ||= await readReplaySource(session, plan, tally);
    if (isRead && !options.onlyReplay) await untilQuiet(session, plan);
  };
  const working = work();
  const { interrupted, budgetSpent } = await untilOver(session, working);
  if (interrupted) await Promise.allSettled([working, untilDrained(session)]);
  const endCounts = await counts();
  return {
    ...{ plan, simulated: session.simulated, reading: tally.progress, isRead, interrupted },
    counts: endCounts,
    dead: tally.dead,
    open: openCount(endCounts),
    seconds: (performance.now() - startMs) / 1_000,
    spent: session.meter.reading,
    budgetSpent,
  };
}

async function readBefore(log: Log, namespace: string, plan: ReplayPlan): Promise<number> {
  const { group, wish: request } = plan;
  const committed = await log.committedOffsets(group, topicOf(namespace, request.stage));
  const next = (partition: number, begin: bigint, end: bigint) => {
    const at = committed.get(partition) ?? begin;
    return at > end ? end : at;
  };
  const pairs = [...plan.begin].map(([partition, begin]) => {
    const end = plan.end.get(partition) ?? begin;
    return Number(next(partition, begin, end) - begin);
  });
  return pairs.reduce((sum, each) => sum + each, 0);
}

/** A republish opens no lane: no question is its own. */
async function countsOf({ engine }: Session, { name, wish: request }: ReplayPlan): Promise<StatusCounts> {
  if (request.mode === 'reprocess') return engine.store.reports.counts(name);
  return statusCounts();
}

function progressReader(
  session: Session,
  plan: ReplayPlan,
  tally: ReplayTally,
  counts: () => Promise<StatusCounts>,
): Readonly<{ read(): Promise<RunProgress> }> {
  const reader = new RunProgressReader(session, plan.name, counts);
  const before = tally.progress.read;
  return {
    read: async () => {
      const run = await reader.read();
      const { progress: replay } = tally;
      const now = replay.read - before;
      const left = replay.messages - replay.read;
      // While the source is read, its rate says more than that of the questions, of which more come all the time.
      const secondsLeft = left > 0 && now > 0 ? (run.elapsedSeconds / now) * left : run.secondsLeft;
      return { ...run, replay, secondsLeft };
    },
  };
}
