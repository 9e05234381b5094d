import { count, duration, plural, printable, spending, wrapped } from '../../infra/terminal/format.ts';
import { printFound } from '../../infra/terminal/print.ts';
import { shellWord } from '../../infra/terminal/shell-word.ts';
import { MAIN_LANE } from '../../stages/lanes/lane.ts';
import { limits } from '../../streams/budget/amount.ts';
import { contentsOf, keptFilesText, removalOf } from '../dataset/export-report.ts';
import { leftOutText, lostText } from '../dataset/left-out-text.ts';
import type { Exported } from '../dataset/write-export.ts';
import type { ShadowReportBody } from '../judges/http/schemas.ts';
import { shadowLines } from '../judges/shadow-lines.ts';
import type { Rejects } from '../questions/question-file.ts';
import { rejectsText } from '../questions/question-file.ts';
import { adviceFor } from '../redrive/advice.ts';
import { plainSpending } from './display/json-display.ts';
import { furtherCommand } from './further-command.ts';
import { calledAs, sameData, sameModel, sentAgainFrom } from './place-flags.ts';
import { amountText, spentOf, tooSmall } from './progress/budget-text.ts';
import type { RunSummary } from './run.ts';
import { SIMULATED_NOTE } from './session/open-data.ts';
import { targetLines } from './target/target-lines.ts';

const MOST_REASONS = 3;
/** The longest command beside which there is room to say what it is for. */
const HINT = 36;
const COLUMNS = 80;

export type Ended = Readonly<{
  summary: RunSummary;
  exported: Exported;
  rejects: Rejects | undefined;
  shadows?: readonly ShadowReportBody[];
  flags: Readonly<{ json?: boolean; quiet?: boolean }>;
}>;

/** The end of a run, on standard output. */
export function printSummary(ended: Ended): void {
  printFound(ended.flags, asJson(ended), () => summaryText(ended));
}

/** The summary as a person reads it. */
function summaryText(ended: Ended): string {
  const lines = [
    ...outcomeLines(ended),
    ...exportLines(ended.exported),
    ...noExampleLines(ended),
    '',
    ...nextLines(ended),
  ];
  return `\n${lines.join('\n')}`;
}

function outcomeLines({ summary, rejects, shadows = [] }: Ended): string[] {
  const { counts, questions, open, spent, seconds } = summary;
  const { usage, costUsd, unpricedCalls, calls, failedAttempts, failedLookUps = 0 } = spent;
  const ends = [`${count(counts.approved)} approved`, `${count(counts.rejected)} rejected`];
  if (counts.dead_lettered > 0) ends.push(`${count(counts.dead_lettered)} dead-lettered`);
  if (counts.held > 0) ends.push(`${count(counts.held)} held for a person (the desk: millrace serve)`);
  if (open > 0) ends.push(`${count(open)} not done yet`);
  const failedCalls = failedAttempts - failedLookUps;
  const failed = failedCalls > 0 ? `, ${count(failedCalls)} of them failed` : '';
  const inVain = failedLookUps > 0 ? `, ${plural(failedLookUps, 'look-up')} in vain` : '';
  const money = spending(usage.input + usage.output, costUsd, unpricedCalls);
  return [
    ...(summary.simulated ? [SIMULATED_NOTE] : []),
    `${plural(questions, 'question')} in ${duration(seconds)}: ${ends.join(', ')}.`,
    `${plural(calls, 'call')}${failed}${inVain}, ${money}.`,
    ...cacheLines(usage),
    ...reasonLines(summary),
    ...budgetLines(summary),
    ...shadowLines(shadows),
    ...(summary.target === undefined ? [] : targetLines(summary.target, summary.interrupted)),
    ...(calls === 0 && questions > 0 && open === 0 && !summary.interrupted
      ? ['Nothing was called here: the answers were there before, or other processes made them.']
      : []),
    ...(summary.duplicates > 0 ? [`${plural(summary.duplicates, 'duplicate')} counted once.`] : []),
    ...(rejects === undefined ? [] : [rejectsText(rejects)]),
  ];
}

/** Why questions became dead letters in this run: the most frequent reasons, and what a person may do. */
function reasonLines({ spent: { deaths = [] }, simulated }: RunSummary): string[] {
  const shown = deaths
    .slice(0, MOST_REASONS)
    .flatMap(({ stage, kind, code, count: times, message }) => [
      ...wrapped(`${count(times)} × ${code} at ${stage}: ${printable(message, 300)}`, '  '),
      ...wrapped(
        adviceFor({ kind, code, life: { kind: 'open' } }, { simulated, place: sentAgainFrom() }),
        '    ',
      ),
    ]);
  return shown.length === 0 ? [] : ['Dead letters, by reason:', ...shown];
}

function budgetLines({ budget, budgetSpent }: RunSummary): string[] {
  if (budget === undefined) return [];
  const { run, day } = budget;
  const spent = limits(run.limit) ? [`Budget of this run: ${spentOf(run.spent, run.limit)}.`] : [];
  if (day !== undefined)
    spent.push(`Budget of ${day.day} (UTC), all processes: ${spentOf(day.spent, day.limit)}.`);
  if (budgetSpent === undefined) return spent;
  const small = tooSmall(budget);
  if (small !== undefined)
    return [...spent, `Stopped: one call may take up to ${amountText(small)}. Nothing is lost.`];
  const which = budgetSpent === 'run' ? 'budget of this run' : "day's budget";
  return [...spent, `Stopped: the ${which} has no room for one more call. Nothing is lost.`];
}

function exportLines({ dataset, card, insteadOf, removed, kept }: Exported): string[] {
  const skipped = leftOutText(dataset, '  ');
  if (kept !== undefined) return [...keptFilesText(dataset, kept), ...skipped];
  return [
    `${contentsOf(dataset)}, described in ${card}`,
    ...lostText(dataset),
    ...removed.map((path) => `  ${removalOf(path)}`),
    ...(insteadOf === undefined
      ? []
      : [`  ${insteadOf} holds real data, which a simulated run does not replace.`]),
    ...skipped,
  ];
}

/** That nothing came of it, which the exit code says too, and why. */
function noExampleLines({ summary, exported }: Ended): string[] {
  const { counts, questions, interrupted, open } = summary;
  if (exported.dataset.written > 0 || questions === 0 || interrupted || open > 0 || counts.held > 0)
    return [];
  const leftOut = [...exported.dataset.skipped.values()].reduce((sum, n) => sum + n, 0);
  const why = [
    ...(counts.rejected === 0 ? [] : [`${count(counts.rejected)} rejected (show ID tells why)`]),
    ...(counts.dead_lettered === 0 ? [] : [plural(counts.dead_lettered, 'dead letter')]),
    ...(leftOut === 0 ? [] : [`${count(leftOut)} left out, as said above`]),
  ];
  return wrapped(`No example was written, so the exit code is 6: ${why.join(', ')}.`);
}

function nextLines({ summary, shadows = [] }: Ended): string[] {
  const millrace = calledAs();
  const { counts, interrupted, simulated } = summary;
  const place = sameData();
  const hints: [string, string][] = [];
  if (interrupted) hints.push([goOnCommand(millrace, summary), goingOn(summary)]);
  if (counts.dead_lettered > 0) {
    hints.push([`${millrace} dead-letters${place}`, 'what failed, and why']);
    hints.push([`${millrace} run --retry-failed${sameModel()}`, 'send it again']);
  }
  for (const { name } of shadows)
    hints.push([
      `${millrace} shadow ${name}${place}`,
      'how far it agrees, where it differs, and what it costs',
    ]);
  if (simulated) hints.push(['export OPENAI_API_KEY=…', 'ask a real model; or name a --base-url']);
  const lane = summary.lane === MAIN_LANE ? '' : ` --lane ${summary.lane}`;
  hints.push([
    `${millrace} export --format record${lane}${place}`,
    'everything that is known of each example',
  ]);
  hints.push([`${millrace} show ID${place}`, "one question's story, by its id or yours"]);
  const lengths = hints.map(([command]) => command.length).filter((length) => length <= HINT);
  const width = Math.max(0, ...lengths);
  return ['Next:', ...hints.flatMap((hint) => hintLines(hint, width))];
}

/** What a command is for stands under it where there is no room beside it. */
function hintLines([command, what]: readonly [string, string], width: number): string[] {
  const line = `  ${command.padEnd(width)}  ${what}`;
  return line.length <= COLUMNS ? [line] : [`  ${command}`, ...wrapped(what, '    ')];
}

function goingOn({ budget, budgetSpent }: RunSummary): string {
  if (budget !== undefined && tooSmall(budget) !== undefined)
    return 'goes on, with room for that call; what all will cost: --estimate 20';
  if (budgetSpent === 'run') return 'the same command goes on, with as much again to spend';
  if (budgetSpent === 'day')
    return 'the same command goes on once the day (UTC) is over, or with a higher limit';
  return 'the same command goes on where this one stopped';
}

/** The same command, unless it would get no further than this one. */
function goOnCommand(millrace: string, { budget }: RunSummary): string {
  const given = process.argv.slice(2);
  const small = budget && tooSmall(budget);
  const words = small === undefined ? given : furtherCommand(given, small);
  return [millrace, ...words.map(shellWord)].join(' ');
}

function asJson({ summary, exported, rejects, shadows }: Ended): object {
  const { dataset, card, info, kept } = exported;
  const { place, files, format, written, bytes, skipped } = dataset;
  const [{ path, sha256 } = { path: place.path, sha256: '' }] = files;
  return {
    type: 'summary',
    ...summary,
    spent: plainSpending(summary.spent),
    deaths: summary.spent.deaths?.slice(0, MOST_REASONS),
    rejects,
    shadows,
    dataset: {
      path,
      format,
      written,
      bytes,
      sha256,
      kept: kept !== undefined,
      skipped: Object.fromEntries(skipped),
      card,
      info,
    },
  };
}

/** How much of the prompts the servers had kept: what stands before the question is shared by many. Empty where none of it. */
export function cacheLines({ input, cached }: Readonly<{ input: number; cached: number }>): string[] {
  if (cached === 0) return [];
  const share = Math.round((100 * cached) / Math.max(input, cached));
  return [`${share} % of the prompts' tokens came from a server's cache.`];
}
