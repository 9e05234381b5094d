import { fieldsNamedIn } from '../../stages/question-parts/named-fields.ts';
import type { AgentStage } from '../../stages/stage-names.ts';
import { allCount, openCount } from '../../stages/status.ts';
import type { RedriveOutcome } from '../../stages/store/dead-letter-repository.ts';
import type { StatusCounts } from '../../stages/store/store.ts';
import type { BudgetScope } from '../../streams/budget/budget.ts';
import { type Persist, persistThrough } from '../../streams/work/persist.ts';
import { retryWithin } from '../../streams/work/retry-within.ts';
import { intake } from '../questions/intake.ts';
import type { Asked, Supply } from '../questions/question-record.ts';
import { reportDuplicates } from '../questions/report-duplicates.ts';
import { eachWithFields } from '../questions/with-fields.ts';
import { redrive, type Sent } from '../redrive/redrive.ts';
import { decidedBefore } from './decided-before.ts';
import { openRun } from './open-run.ts';
import type { MeterReading } from './progress/meter.ts';
import { type RunBudgetReading, readWholeBudget } from './progress/run-budget.ts';
import { redo } from './redo.ts';
import { untilEnded } from './run-watch.ts';
import type { Session } from './session/session.ts';
import { type Target, type TargetReport, targetReport } from './target/target.ts';
import { RunFacts } from './target/target-facts.ts';
import { TargetSupply } from './target/target-supply.ts';
import { untilDrained, untilOver } from './until-over.ts';
import { watchStranded } from './watch-stranded.ts';

/** Topics that were just made have no leader for a moment, whatever their brokers say. */
const PATIENCE_MS = 10_000;

export type RunOptions = Readonly<{
  /** What is asked; `undefined` to send dead letters again and ask nothing new. */
  asked?: Supply<Asked> | undefined;
  /** Where the questions came from, for people. */
  input: string;
  maxQuestions?: number | undefined;
  /** Asks until so many are approved, and no further. */
  target?: Target | undefined;
  redo?: AgentStage | undefined;
  retryFailed?: boolean | undefined;
  /** Hears of questions that stood still and go on again. */
  onNotice?: ((text: string) => void) | undefined;
  onStarted?: ((run: string) => void) | undefined;
}>;

export type RunSummary = Readonly<{
  run: string;
  lane: string;
  simulated: boolean;
  /** Questions that were handed in, the same one counted as often as it was asked. */
  asked: number;
  /** The same question asked before in this run. */
  duplicates: number;
  /** Dead letters that were sent again. */
  retried: number;
  /** What came of them, in whatever lane. */
  redriven: RedriveOutcome | undefined;
  counts: StatusCounts;
  /** Distinct questions. */
  questions: number;
  /** Questions that have not reached an end: the run was interrupted. */
  open: number;
  /** Stopped before all questions were taken in and had ended. */
  interrupted: boolean;
  seconds: number;
  spent: MeterReading;
  /** Present where something limits what may be spent. */
  budget?: RunBudgetReading | undefined;
  /** The budget that interrupted the run. */
  budgetSpent?: BudgetScope | undefined;
  /** Present where a target was set. */
  target?: TargetReport | undefined;
}>;

/**
 * Asks, and waits until every question has reached its end or the session is stopped. Rejects with the Failure that
 * broke the session. The same questions again cost no call for what is done.
 */
export async function runQuestions(session: Session, options: RunOptions): Promise<RunSummary> {
  const startMs = performance.now();
  const { engine, lane } = session;
  const run = await openRun(engine.store.runs, lane.name, options.input);
  options.onStarted?.(run);
  const asked: { count: number; sent: Sent | undefined } = { count: 0, sent: undefined };
  const facts = new RunFacts(session, run);
  const supply = options.target && new TargetSupply(options.target, facts);
  const work = async () => {
    asked.count = await ask(session, run, options, { facts, supply });
    if (options.retryFailed === true) asked.sent = await retryFailed(session, run, asked.count);
    const ends = await retryWithin(
      () => engine.log.endOffsets(`${session.namespace}.questions`),
      PATIENCE_MS,
    );
    const decided = await retryWithin(() => decidedBefore(session), PATIENCE_MS);
    const left = () => leftOf(session, run, options, asked.sent);
    await untilEnded(session, async () => (await left()) === 0 && (await decided()), ends);
  };
  const watched = watchStranded(session, options.onNotice ?? (() => undefined));
  const over = untilOver(session, work(), () => session.shadows.caughtUp());
  const { interrupted, budgetSpent } = await over.finally(watched);
  if (interrupted) await untilDrained(session);
  const counts = await countsOf(session, run, options);
  const questions = allCount(counts);
  // Asked and not known as a question: asked before in this run, or still on the way to stage 1 when it was stopped.
  const unseen = Math.max(0, asked.count - questions);
  return {
    run,
    lane: lane.name,
    simulated: session.simulated,
    asked: asked.count,
    duplicates: interrupted ? 0 : unseen,
    retried: asked.sent?.deadLetters ?? 0,
    redriven: asked.sent && (await engine.store.deadLetters.outcome(asked.sent.by)),
    counts,
    questions,
    open: openCount(counts) + (interrupted ? unseen : 0),
    interrupted,
    seconds: (performance.now() - startMs) / 1_000,
    spent: session.meter.reading,
    budget: await readWholeBudget(session.budget),
    budgetSpent,
    target: await reached(session, run, options, supply),
  };
}

async function reached(
  { engine }: Session,
  run: string,
  { target }: RunOptions,
  supply: TargetSupply | undefined,
): Promise<TargetReport | undefined> {
  if (target === undefined) return undefined;
  return targetReport(target, await engine.store.runs.countsByTopic(run), supply?.passedBy ?? 0);
}

/** Where the questions stand that the run is about: its own, or all of its lane where it asks nothing new. */
async function countsOf(
  { engine, lane }: Session,
  run: string,
  { asked }: RunOptions,
): Promise<StatusCounts> {
  if (asked !== undefined) return engine.store.runs.counts(run);
  return (await engine.store.reports.progress(lane.name)).questions;
}

/**
 * What has to end before the run does: what `countsOf` tells, the questions of dead letters that were sent again in whatever
 * lane, and those dead letters themselves.
 */
async function leftOf(
  session: Session,
  run: string,
  options: RunOptions,
  sent: Sent | undefined,
): Promise<number> {
  const { store } = session.engine;
  const open = openCount(await countsOf(session, run, options));
  if (sent === undefined || open > 0) return open;
  const { waiting } = await store.deadLetters.outcome(sent.by);
  return waiting + openCount(await store.runs.counts(run));
}

/** All dead letters, as a part of the run. */
function retryFailed({ engine, stop }: Session, id: string, firstPosition: number): Promise<Sent> {
  const ports = { store: engine.store, log: engine.log, stop: stop.signals.draining };
  return redrive(ports, { query: {}, run: { id, firstPosition } });
}

async function ask(
  session: Session,
  run: string,
  options: RunOptions,
  { facts, supply }: Readonly<{ facts: RunFacts; supply: TargetSupply | undefined }>,
): Promise<number> {
  if (options.asked === undefined) return 0;
  const { engine, namespace, lane, stop } = session;
  const { onNotice = () => undefined } = options;
  const asked = reportDuplicates(eachWithFields(options.asked, fieldsNamedIn(lane.recipes)), onNotice);
  const persist: Persist = (write) => retryWithin(write, PATIENCE_MS);
  const common = { log: engine.log, namespace, lane, run, stop: stop.signals, persist };
  if (options.redo === undefined) {
    const { maxQuestions } = options;
    const onAccepted = (accepted: number) => facts.onAccepted(accepted);
    const taken = { ...common, maxQuestions, onAccepted };
    if (supply === undefined) return (await intake(asked, taken)).published;
    return (await intake(supply.take(asked), { ...taken, persist: orBreak(session) })).published;
  }
  const count = await redo(session, run, options.redo, asked);
  await intake(engine.store.runs.pending(run), common);
  return count;
}

/** A supply waits until what it gave is in the log: a publish that fails for good must end that wait. */
function orBreak({ stop, events, fail }: Session): Persist {
  const persist = persistThrough(stop.signals, (failure) =>
    events.next({ kind: 'write-waits', stage: 'questions', failure }),
  );
  return (write) =>
    persist(write).catch((failure: unknown) => {
      fail(failure);
      throw failure;
    });
}
