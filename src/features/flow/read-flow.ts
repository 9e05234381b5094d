import type { LaneStage } from '../../stages/lanes/recipe.ts';
import { agentNamed, agentStages, byStage, type StageName, stageNames } from '../../stages/stage-names.ts';
import { allCount, openCount, statusBefore } from '../../stages/status.ts';
import { NO_TALLY, type Progress, type StageTally, type Store } from '../../stages/store/store.ts';
import type { ListedWorker, WorkerState } from '../../stages/store/worker-repository.ts';
import { rowNamed } from '../../stages/table.ts';
import type { LaneName } from '../../streams/work/work.ts';
import { addedUp, quantileMs } from '../run/progress/durations.ts';
import type { Flow, StageFlow } from './http/schemas.ts';
import type { LagLog, Lags } from './lag.ts';

export type FlowOrigin = Readonly<{
  log: LagLog;
  store: Store;
  lane: LaneName;
  namespace: string;
  simulated: boolean;
}>;

/** Works by stage: done so far, or in the last minute. */
export type Rates = Readonly<Record<StageName, number>>;

/** So many approvals tell how long one takes now. */
const LAST_APPROVED = 500;

/** The stream as the store and the workers tell it; `ratesOf` is given what is done so far. Rejects with a Failure. */
export async function readFlow(
  { store, lane, namespace, simulated }: Omit<FlowOrigin, 'log'>,
  ratesOf: (done: Rates) => Rates,
  lags?: Lags,
): Promise<Flow> {
  const [progress, workers, pauses, approvals, onDesk, known] = await Promise.all([
    store.reports.progress(lane),
    store.workers.list(),
    store.pauses.list(),
    store.reports.approvalTimesMs(lane, LAST_APPROVED),
    store.reviewQueue.waiting(lane),
    store.lanes.get(lane),
  ]);
  const added = known?.recipes.stages;
  const paused = new Set<string>(pauses.map(({ stage }) => stage));
  const { questions } = progress;
  const rates = ratesOf(doneOf(progress));
  const open = openCount(questions);
  const tallies = agentStages().map((stage) => progress.stages[stage] ?? NO_TALLY);
  const endedPerMinute = progress.endedLastMinute;
  return {
    ...{ at: new Date().toISOString(), namespace, lane, simulated },
    questions: {
      ...{ open, approved: questions.approved, rejected: questions.rejected, held: questions.held },
      deadLettered: questions.dead_lettered,
    },
    onDesk,
    stages: stageNames().map((stage) => ({
      ...stageFlow(stage, { progress, added, listed: workers }, rates[stage] ?? 0),
      paused: paused.has(stage),
      lag: lags?.get(stage) ?? null,
    })),
    endedPerMinute,
    etaSeconds: etaOf(open, endedPerMinute),
    approvalP50Ms: exactQuantile(approvals, 0.5),
    approvalP95Ms: exactQuantile(approvals, 0.95),
    tokens: sumOf(tallies, tokensOf),
    costUsd: sumOf(tallies, ({ costUsd }) => costUsd),
    unpricedCalls: sumOf(tallies, ({ unpricedCalls }) => unpricedCalls),
    alarms: workers.flatMap(alarmsOf),
  };
}

/** How many works of each stage are done, as far as counts of questions and works tell it. */
function doneOf({ questions, stages }: Progress): Rates {
  return byStage((stage) => {
    const agent = agentNamed(stage);
    if (agent !== undefined) return stages[agent]?.done ?? 0;
    return stage === 'storage'
      ? questions.approved + questions.rejected
      : allCount(questions) - questions.pending;
  });
}

type Read = Readonly<{
  progress: Progress;
  added: readonly LaneStage[] | undefined;
  listed: readonly ListedWorker[];
}>;

function stageFlow(
  stage: StageName,
  { progress, added, listed }: Read,
  ratePerMinute: number,
): Omit<StageFlow, 'paused' | 'lag'> {
  const workers = listed.map(({ worker }) => worker).filter((worker) => shown(worker, stage) !== undefined);
  const agent = agentNamed(stage);
  const tally = agent === undefined ? undefined : progress.stages[agent];
  const inFlight = sumOf(workers, (worker) => {
    const { inFlight: calls = 0, inHand = 0 } = shown(worker, stage) ?? {};
    return agent === undefined ? inHand : calls;
  });
  return {
    stage,
    status: statusBehind(stage),
    waiting: Math.max(0, (progress.questions[statusBefore(stage, added)] ?? 0) - inFlight),
    inFlight,
    done: doneOf(progress)[stage] ?? 0,
    failed: tally?.dead ?? 0,
    failedAttempts: tally?.failedAttempts ?? 0,
    ratePerMinute,
    workers: workers.length,
    partitions: sumOf(workers, (worker) => shown(worker, stage)?.partitions ?? 0),
    ...quantilesOf(workers, stage),
    ...(agent === undefined ? { limit: null, circuit: null, circuitCause: null } : endpointOf(workers)),
    tokens: tally === undefined ? 0 : tokensOf(tally),
    costUsd: tally?.costUsd ?? 0,
  };
}

function statusBehind(stage: StageName): string | null {
  const { status = 'end' } = rowNamed(stage) ?? {};
  return status === 'end' ? null : status;
}

function shown(worker: WorkerState, stage: StageName) {
  return worker.stages.find((each) => each.stage === stage);
}

function quantilesOf(workers: readonly WorkerState[], stage: StageName): Pick<StageFlow, 'p50Ms' | 'p95Ms'> {
  const counts = addedUp(workers.map((worker) => shown(worker, stage)?.durations ?? []));
  return { p50Ms: quantileMs(counts, 0.5) ?? null, p95Ms: quantileMs(counts, 0.95) ?? null };
}

const WORST = ['open', 'half-open', 'closed'] as const;

/** A worker calls one endpoint or a few: their limits together, and the worst of their circuits. */
function endpointOf(workers: readonly WorkerState[]): Pick<StageFlow, 'limit' | 'circuit' | 'circuitCause'> {
  const endpoints = workers.flatMap((worker) => worker.endpoints);
  if (endpoints.length === 0) return { limit: null, circuit: null, circuitCause: null };
  const circuit = WORST.find((kind) => endpoints.some((each) => each.circuit === kind)) ?? 'closed';
  const circuitCause = endpoints.find((each) => each.circuit === circuit)?.cause ?? null;
  return { limit: Math.floor(sumOf(endpoints, ({ limit }) => limit)), circuit, circuitCause };
}

function alarmsOf({ worker }: ListedWorker): Flow['alarms'] {
  const name = `${worker.host} ${worker.pid}`;
  return worker.alarms.map(({ kind, subject, text, since }) => ({
    ...{ worker: name, message: text, since },
    code: subject === '' ? kind : `${kind} ${subject}`,
  }));
}

function etaOf(open: number, endedPerMinute: number): number | null {
  if (open === 0) return 0;
  return endedPerMinute === 0 ? null : (open / endedPerMinute) * 60;
}

function tokensOf({ usage }: StageTally): number {
  return usage.input + usage.output;
}

function sumOf<T>(values: readonly T[], part: (value: T) => number): number {
  return values.reduce((sum, value) => sum + part(value), 0);
}

function exactQuantile(values: readonly number[], q: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? null;
}
