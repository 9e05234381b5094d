import { batchSizeOf } from '../../../infra/config/model/model-settings.ts';
import { agentNamed, agentStages, type StageName, stageNames } from '../../../stages/stage-names.ts';
import { allCount, openCount, statusesPast } from '../../../stages/status.ts';
import type { StatusCounts } from '../../../stages/store/store.ts';
import { rowsAfter } from '../../../stages/table.ts';
import type { CircuitState } from '../../../streams/limits/circuit/circuit.ts';
import type { EndpointState } from '../../../streams/limits/endpoint-state.ts';
import type { Session } from '../session/session.ts';
import { endpointIn } from '../session/session-endpoints.ts';
import { CallTimes } from './call-times.ts';
import type { MeterReading } from './meter.ts';
import { type RunBudgetReading, readBudget } from './run-budget.ts';
import { timeLeftMs } from './time-left.ts';

/** One stage of a run as its watchers see it. */
export type StageProgress = Readonly<{
  stage: StageName;
  /** Questions of the run that have passed the stage. */
  done: number;
  /** Calls on their way. */
  inFlight: number;
  /** Attempts that failed and were made again, in this session. */
  failedAttempts: number;
  deadLettered: number;
}>;

/** How far a replay has read its source. */
export type ReplayProgress = Readonly<{
  /** Records from its beginning to its pinned end. */
  messages: number;
  read: number;
  /** Those that were meant, in this session: worked, or published again. */
  taken: number;
}>;

export type RunProgress = Readonly<{
  /** Only of a replay. */
  replay?: ReplayProgress;
  run: string;
  simulated: boolean;
  /** Questions known so far; the supply may bring more. */
  questions: number;
  open: number;
  counts: StatusCounts;
  stages: readonly StageProgress[];
  elapsedSeconds: number;
  /** Ends over the last half minute; `undefined` before the first. */
  questionsPerSecond: number | undefined;
  /** `undefined` while there is no rate, and at the end. */
  secondsLeft: number | undefined;
  spent: MeterReading;
  /** Present where something limits what may be spent. */
  budget?: RunBudgetReading | undefined;
  /** Endpoints that do not answer now. */
  outages: readonly Readonly<{ endpoint: string; state: Exclude<CircuitState, { kind: 'closed' }> }>[];
}>;

const WINDOW_MS = 30_000;

/** Takes pictures of a run, and measures its rate between them. */
export class RunProgressReader {
  readonly #session: Session;
  readonly #run: string;
  readonly #counts: () => Promise<StatusCounts>;
  readonly #startMs = performance.now();
  readonly #times = new CallTimes();
  #samples: Readonly<{ atMs: number; ended: number }>[] = [];

  /** @param counts where the questions stand that the run is about. Default: those it asked for. */
  constructor(session: Session, run: string, counts = () => session.engine.store.runs.counts(run)) {
    this.#session = session;
    this.#run = run;
    this.#counts = counts;
    session.events.subscribe((event) => this.#times.onEvent(event, performance.now()));
  }

  async read(): Promise<RunProgress> {
    const { simulated, meter } = this.#session;
    const counts = await this.#counts();
    const questions = allCount(counts);
    const open = openCount(counts);
    const spent = meter.reading;
    const questionsPerSecond = this.#rate(questions - open);
    const stages = stageNames().map((stage) => stageProgress(stage, counts, spent));
    return {
      run: this.#run,
      simulated,
      questions,
      open,
      counts,
      stages,
      elapsedSeconds: (performance.now() - this.#startMs) / 1_000,
      questionsPerSecond,
      secondsLeft: open === 0 ? undefined : this.#secondsLeft(stages, questions, open, questionsPerSecond),
      spent,
      budget: readBudget(this.#session.budget),
      outages: this.#outages(),
    };
  }

  /** From the calls of this process where it works alone; by the rate of ends where others work too. */
  #secondsLeft(
    stages: readonly StageProgress[],
    questions: number,
    open: number,
    rate: number | undefined,
  ): number | undefined {
    const { settings, endpoints } = this.#session;
    const isAlone = settings.kafka === undefined && settings.mongo === undefined;
    const byRate = rate === undefined ? undefined : open / rate;
    if (!isAlone) return byRate;
    const nowMs = performance.now();
    const loads = agentStages().map((stage) => {
      const progress = stages.find((each) => each.stage === stage);
      const { agesMs, timesMs } = this.#times.read(stage, nowMs);
      // Dead letters of earlier stages never come here.
      const left = Math.min(open, questions - (progress?.done ?? 0)) - agesMs.length;
      const capacity = capacityOf(
        endpointIn(endpoints, settings, stage).state,
        stage,
        batchSizeOf(settings, stage),
      );
      return { unstarted: Math.max(0, left), agesMs, capacity, timesMs };
    });
    const leftMs = timeLeftMs(loads);
    return leftMs === undefined ? byRate : leftMs / 1_000;
  }

  #rate(ended: number): number | undefined {
    const nowMs = performance.now();
    this.#samples.push({ atMs: nowMs, ended });
    // Dead letters that are sent again open ended questions: a count from before that is no start for a rate.
    this.#samples = this.#samples.filter((each) => nowMs - each.atMs <= WINDOW_MS && each.ended <= ended);
    const oldest = this.#samples[0];
    if (oldest === undefined || ended === oldest.ended) return undefined;
    return ((ended - oldest.ended) / (nowMs - oldest.atMs)) * 1_000;
  }

  #outages(): RunProgress['outages'] {
    return [...this.#session.endpoints].flatMap(([endpoint, { circuit }]) => {
      const { state } = circuit;
      return state.kind === 'closed' ? [] : [{ endpoint, state }];
    });
  }
}

function stageProgress(stage: StageName, counts: StatusCounts, spent: MeterReading): StageProgress {
  const meter = spent.stages.get(stage);
  const passed = statusesPast(stage).reduce((sum, status) => sum + (counts[status] ?? 0), 0);
  return {
    stage,
    done: passed + diedLater(stage, counts, spent),
    inFlight: agentNamed(stage) === undefined ? 0 : (meter?.inFlight ?? 0),
    failedAttempts: meter?.failedAttempts ?? 0,
    deadLettered: meter?.dead ?? 0,
  };
}

/** Dead letters that had passed the stage, as far as is known here: those of this session by the stage where they died. */
function diedLater(stage: StageName, counts: StatusCounts, { stages }: MeterReading): number {
  if (stage === stageNames()[0]) return counts.dead_lettered;
  const died = rowsAfter(stage).reduce((sum, { name }) => sum + (stages.get(name)?.dead ?? 0), 0);
  return Math.min(died, counts.dead_lettered);
}

/** Calls at once of a stage: as many as it may make, or as it makes where its endpoint lets others wait. */
function capacityOf({ stages }: EndpointState, stage: StageName, batchSize: number): number {
  const here = stages.find((each) => each.stage === stage || each.stage.endsWith(`.${stage}`));
  return here === undefined || here.waiting === 0 ? batchSize : Math.max(1, here.inFlight);
}
