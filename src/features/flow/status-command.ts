import { Command } from 'commander';
import { addDataFlags, settingsOf } from '../../infra/config/flags/flags.ts';
import type { Settings } from '../../infra/config/settings.ts';
import type { Engine } from '../../infra/engines/engine.ts';
import { missingPartsIn } from '../../infra/plugins/missing-parts.ts';
import {
  alignedColumns,
  cost,
  count,
  duration,
  money,
  plural,
  printable,
  short,
  spending,
} from '../../infra/terminal/format.ts';
import { printFound } from '../../infra/terminal/print.ts';
import { assertHasQuestions } from '../../stages/lanes/assert-lane.ts';
import { MAIN_LANE } from '../../stages/lanes/lane.ts';
import { agentStages } from '../../stages/stage-names.ts';
import { allCount, openCount } from '../../stages/status.ts';
import type { LatestDeadLetters } from '../../stages/store/dead-letter-repository.ts';
import type { Pause } from '../../stages/store/pause-repository.ts';
import { NO_TALLY, type Progress, type StatusCounts, type Store } from '../../stages/store/store.ts';
import { type Limit, limits } from '../../streams/budget/amount.ts';
import { dayOf } from '../../streams/budget/day-allowance.ts';
import type { DaySpending } from '../../streams/budget/spending-repository.ts';
import { errorText } from '../../streams/failure.ts';
import { inTime } from '../../streams/in-time.ts';
import type { LaneName } from '../../streams/work/work.ts';
import { spentOf } from '../run/progress/budget-text.ts';
import { openData, SIMULATED_NOTE } from '../run/session/open-data.ts';
import { namespaceOf } from '../run/session/session.ts';
import { cutText, EMPTIED_MEND, emptiedStore, emptiedText, lostRecords } from '../upkeep/losses.ts';
import { STRANDED_MEND, strandedCount, strandedText } from '../upkeep/stranded.ts';
import { workersText } from './workers-text.ts';

const LAST_ERRORS = 5;
const LOG_WAIT_MS = 5_000;
const HOW_TO_PRICE =
  'Calls of unknown price are in no sum. Give the prices of your models in millrace.config.yaml, in dollars per million tokens: prices: { "my-model": { input: 1, output: 2 } }';
const SECONDS_PER_MINUTE = 60;

/** `millrace status`: progress, cost, and what failed last. */
export function statusCommand(): Command {
  const command = new Command('status')
    .description(
      'Counts per stage and status, rate, time left, tokens, cost, the last errors, and the processes at work with their limits, circuits and alarms. Works beside a run.',
    )
    .option('--lane <name>', 'one pass over the questions', MAIN_LANE)
    .option('--json', 'as JSON');
  return addDataFlags(command)
    .addHelpText(
      'after',
      '\nExamples:\n  $ millrace status\n  $ watch millrace status\n  $ millrace status --json | jq .questions',
    )
    .action((flags: { lane: LaneName; json?: boolean }) => status(flags, command));
}

async function status(flags: { lane: LaneName; json?: boolean }, command: Command): Promise<void> {
  const settings = await settingsOf(command);
  await using data = await openData(settings);
  const { engine, simulated } = data;
  await assertHasQuestions(engine.store, flags.lane);
  const progress = await engine.store.reports.progress(flags.lane);
  const workers = await engine.store.workers.list();
  const pauses = await engine.store.pauses.list();
  const deadLetters = await engine.store.deadLetters.latest(LAST_ERRORS);
  const today = await todayOf(engine.store, settings);
  // Of another lane they say nothing.
  const counts = flags.lane === MAIN_LANE ? progress.questions : undefined;
  const topics = await topicsText(engine, namespaceOf(settings, simulated), counts);
  const found = {
    simulated,
    lane: flags.lane,
    ...progress,
    today,
    deadLetters: deadLetters.count,
    workers,
    pauses,
    topics,
  };
  printFound(flags, found, () => {
    const text = statusText(progress, deadLetters, simulated, todayLine(today, unpricedIn(progress)));
    const ofTopics = topics.text === '' ? '' : `\n${topics.text}\n`;
    return `${text}\n${ofTopics}${pausesText(pauses)}\n${workersText(workers)}`;
  });
}

type TopicsState = Readonly<{
  away: boolean;
  stranded: number;
  /** Records that were deleted before anybody read them. */
  lost: number;
  /** Records of questions that were stored in a database that is gone. */
  emptied: number;
  text: string;
}>;

/** What the store alone does not know: whether the log answers, and whether what is open can go on. */
async function topicsText(engine: Engine, namespace: string, counts?: StatusCounts): Promise<TopicsState> {
  try {
    return await inTime(topicsOf(engine, namespace, counts), LOG_WAIT_MS, () => {
      throw new Error(`no answer within ${LOG_WAIT_MS / 1_000} s`);
    });
  } catch (error) {
    const text = `The topics cannot be read, so nobody works: ${errorText(error)}`;
    return { away: true, stranded: 0, lost: 0, emptied: 0, text };
  }
}

/** @param counts where the questions of `main` stood a moment ago: what they rule out is not counted again. */
async function topicsOf(engine: Engine, namespace: string, counts?: StatusCounts): Promise<TopicsState> {
  const ended = counts !== undefined && openCount(counts) === 0;
  const stranded = ended ? 0 : await strandedCount(engine, namespace);
  const cuts = await lostRecords(engine, namespace);
  const filled = counts !== undefined && allCount(counts) > 0;
  const emptied = filled ? 0 : await emptiedStore(engine, namespace);
  const main = ended ? undefined : await engine.store.lanes.get(MAIN_LANE);
  const lacking = main === undefined ? [] : [...missingPartsIn(main.recipes)];
  const lines = [
    ...lacking.map(([stage, text]) => `Nobody here can work ${stage}: ${text}`),
    ...(stranded === 0 ? [] : [`${strandedText(stranded)}. To mend it: ${STRANDED_MEND}`]),
    ...cuts.map(cutText),
    ...(emptied === 0 ? [] : [`${emptiedText(namespace, emptied)} To mend it: ${EMPTIED_MEND}`]),
  ];
  const lost = cuts.reduce((sum, { records }) => sum + records, 0);
  return { away: false, stranded, lost, emptied, text: lines.join('\n') };
}

function pausesText(pauses: readonly Pause[]): string {
  return pauses
    .map(
      ({ stage, since }) =>
        `${stage} has been paused since ${since}: millrace resume ${stage} lets it go on\n`,
    )
    .join('');
}

type Today = DaySpending & Readonly<{ day: string; limit: Limit }>;

async function todayOf({ spending }: Store, settings: Settings): Promise<Today> {
  const { maxTokensPerDay: tokens, maxCostPerDay: costUsd } = settings;
  const day = dayOf(new Date());
  return { day, limit: { tokens, costUsd }, ...(await spending.total(day)) };
}

/** Calls of a lane whose price nobody knows. */
function unpricedIn({ stages }: Progress): number {
  return agentStages().reduce((sum, stage) => sum + (stages[stage]?.unpricedCalls ?? 0), 0);
}

/** What is kept of the day counts money and tokens, and no calls: where some have no price, no sum is passed off as the whole. */
function todayLine({ day, limit, spent }: Today, unpriced: number): string {
  if (spent.tokens === 0 && !limits(limit)) return '';
  const budget = limits(limit) ? `; budget of the day: ${spentOf(spent, limit)}` : '';
  const sum = spent.costUsd === 0 ? 'unpriced' : `${money(spent.costUsd)} + calls of unknown price`;
  const all =
    unpriced === 0 ? spending(spent.tokens, spent.costUsd, 0) : `${short(spent.tokens)} tokens, ${sum}`;
  return `spent today (${day}, UTC), all processes: ${all}${budget}`;
}

/** The state of a lane as a person reads it. */
export function statusText(
  progress: Progress,
  deadLetters: LatestDeadLetters,
  simulated: boolean,
  today = '',
): string {
  const { questions, stages, endedLastMinute } = progress;
  const total = allCount(questions);
  const open = openCount(questions);
  const rate = endedLastMinute / SECONDS_PER_MINUTE;
  const statuses = Object.entries(questions)
    .filter(([, stand]) => stand > 0)
    .map(([status, stand]) => [
      status,
      `${count(stand)}${status === 'held' ? ', for a person to decide: millrace serve' : ''}`,
    ]);
  const agents = agentStages().map((stage) => {
    const { done, dead, failedAttempts, usage, costUsd, unpricedCalls } = stages[stage] ?? NO_TALLY;
    const tokens = [short(usage.input), short(usage.output), short(usage.cached), short(usage.reasoning)];
    return [stage, count(done), count(failedAttempts), count(dead), ...tokens, cost(costUsd, unpricedCalls)];
  });
  const head = ['stage', 'done', 'failures', 'dead', 'tokens in', 'out', 'cached', 'reasoning', 'cost'];
  return [
    ...(simulated ? [SIMULATED_NOTE, ''] : []),
    `${plural(total, 'question')}, ${open === 0 ? 'none' : count(open)} of them still open`,
    alignedColumns(statuses.map(([status = '', n = '']) => [`  ${status}`, n])),
    '',
    alignedColumns([head, ...agents]),
    ...(today === '' ? [] : [today]),
    ...(unpricedIn(progress) === 0 ? [] : [HOW_TO_PRICE]),
    '',
    rate === 0
      ? 'No question ended in the last minute.'
      : `${rate.toFixed(1)} questions/s in the last minute${open === 0 ? '' : `, ${duration(open / rate)} left`}`,
    ...(deadLetters.count === 0 ? [] : ['', `${plural(deadLetters.count, 'open dead letter')}; the last:`]),
    ...deadLetters.deadLetters
      .toReversed()
      .map(({ at, stage, code, message }) => `  ${at} ${stage} ${code}: ${printable(message, 140)}`),
  ].join('\n');
}
