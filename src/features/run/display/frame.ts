import { stripVTControlCharacters } from 'node:util';
import type picocolors from 'picocolors';
import { count, duration, plural, printable, spending, wrapped } from '../../../infra/terminal/format.ts';
import type { ExportProgress } from '../../dataset/export-progress.ts';
import { budgetLine } from '../progress/budget-text.ts';
import type { ReplayProgress, RunProgress, StageProgress } from '../progress/run-progress.ts';

type Colors = ReturnType<typeof picocolors.createColors>;

const BAR_WIDTH = 24;
const NAME_WIDTH = 12;

/** A run as a picture for a terminal: one bar per stage, then rate, spending and time left. */
export function renderFrame(progress: RunProgress, colors: Colors, columns: number): string {
  const lines = [
    ...(progress.simulated ? [colors.yellow('SIMULATED model: no real answers, no cost')] : []),
    ...(progress.replay === undefined ? [] : [replayLine(progress.replay)]),
    ...(isAboutQuestions(progress)
      ? progress.stages.flatMap((stage, index) => stageLines(stage, index, progress, colors, columns))
      : []),
    ...foldedLines(totals(progress), columns),
    ...(progress.budget === undefined ? [] : [budgetLine(progress.budget)]),
    ...progress.outages
      .flatMap((outage) => wrapped(outageLine(outage), '', columns))
      .map((line) => colors.yellow(line)),
  ];
  return lines.map((line) => clip(line, columns)).join('\n');
}

/** How far the source of a replay is read. */
export function replayLine({ messages, read, taken }: ReplayProgress): string {
  return `${count(read)}/${count(messages)} messages read, ${count(taken)} taken`;
}

/** What is published again belongs to no question of the replay's own. */
export function isAboutQuestions({ replay, questions }: RunProgress): boolean {
  return replay === undefined || questions > 0;
}

function stageLines(
  stage: StageProgress,
  index: number,
  { questions }: RunProgress,
  colors: Colors,
  columns: number,
): string[] {
  const share = questions === 0 ? 0 : stage.done / questions;
  const filled = Math.round(share * BAR_WIDTH);
  const bar = colors.cyan('█'.repeat(filled)) + colors.dim('░'.repeat(BAR_WIDTH - filled));
  const done = `${count(stage.done)}/${count(questions)}`.padStart(2 * count(questions).length + 1);
  const facts = [
    ...(stage.deadLettered > 0 ? [colors.red(plural(stage.deadLettered, 'dead letter'))] : []),
    ...(stage.inFlight > 0 ? [`${stage.inFlight} in flight`] : []),
    ...(stage.failedAttempts > 0 ? [plural(stage.failedAttempts, 'failed attempt')] : []),
  ];
  const head = `${index + 1} ${stage.stage.padEnd(NAME_WIDTH)}${bar} ${done}`;
  const line = `${head}  ${facts.join(' · ')}`.trimEnd();
  if (widthOf(line) <= columns) return [line];
  return [head, ...foldedLines(facts, columns - MARGIN.length).map((each) => `${MARGIN}${each}`)];
}

function totals({ counts, open, questions, questionsPerSecond, secondsLeft, spent }: RunProgress): string[] {
  const { usage, costUsd, unpricedCalls } = spent;
  return [
    `${count(counts.approved)} approved, ${count(counts.rejected)} rejected${counts.held > 0 ? `, ${count(counts.held)} held` : ''}`,
    questionsPerSecond === undefined ? '… questions/s' : `${questionsPerSecond.toFixed(1)} questions/s`,
    spending(usage.input + usage.output, costUsd, unpricedCalls),
    ...timeLeft(open === 0 && questions > 0, secondsLeft),
  ];
}

function timeLeft(ended: boolean, secondsLeft: number | undefined): string[] {
  if (ended) return [];
  return [secondsLeft === undefined ? 'time left unknown' : `${duration(secondsLeft)} left`];
}

/** Why nothing moves, in one line. */
export function outageLine({ endpoint, state }: RunProgress['outages'][number]): string {
  const then = state.kind === 'open' ? `trying again within ${duration(state.waitMs / 1_000)}` : 'trying now';
  return `paused: ${endpoint} is in trouble (${printable(state.cause.message, 500)}); ${then}. Nothing is lost.`;
}

const SEPARATOR = ' · ';
/** Under the bar. */
const MARGIN = ' '.repeat(2 + NAME_WIDTH);

/** Parts side by side, in as many lines as they need. */
export function foldedLines(parts: readonly string[], columns: number, separator = SEPARATOR): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const longer = last === undefined ? part : `${last}${separator}${part}`;
    if (last === undefined || widthOf(longer) > columns) lines.push(part);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

function widthOf(line: string): number {
  return stripVTControlCharacters(line).length;
}

/** A line that wraps would spoil the redrawing. Colours take no room. */
export function clip(line: string, columns: number): string {
  const plain = stripVTControlCharacters(line);
  return plain.length <= columns ? line : `${plain.slice(0, Math.max(0, columns - 1))}…`;
}

const COLUMNS = 80;

/** How far a dataset is written, in one line of 80 columns at most: a long path is told by its end. */
export function writingText({ out, written, of }: ExportProgress): string {
  const facts = `: ${of === undefined ? '' : `${count(written)} of `}${plural(of ?? written, 'example')}`;
  const room = COLUMNS - 'writing '.length - facts.length;
  const path = out.length > room ? `…${out.slice(1 - room)}` : out;
  return `writing ${path}${facts}`;
}
