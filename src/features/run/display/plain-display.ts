import { count, duration, plural, spending, wrapped } from '../../../infra/terminal/format.ts';
import type { ExportProgress } from '../../dataset/export-progress.ts';
import { budgetLine } from '../progress/budget-text.ts';
import type { RunProgress } from '../progress/run-progress.ts';
import type { Display } from './display.ts';
import { foldedLines, isAboutQuestions, outageLine, replayLine, writingText } from './frame.ts';

const EVERY_MS = 5_000;
const COLUMNS = 80;
/** Of what belongs to the line above. */
const MARGIN = '  ';

/** Where the run stands every few seconds, in lines of 80 columns at most, for a pipe, a file or a CI log. */
export class PlainDisplay implements Display {
  readonly #write: (text: string) => void;
  readonly #madeAtMs = performance.now();
  #shownAtMs = Number.NEGATIVE_INFINITY;
  #last: RunProgress | undefined;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  show(progress: RunProgress): void {
    this.#last = progress;
    if (!isEmpty(progress) && this.#isTime()) this.#write(`${renderLines(progress)}\n`);
  }

  /** What is written within seconds needs no line. */
  writing(progress: ExportProgress): void {
    this.#shownAtMs = Math.max(this.#shownAtMs, this.#madeAtMs);
    if (this.#isTime()) this.#write(`${writingText(progress)}\n`);
  }

  isDue(): boolean {
    return performance.now() - this.#shownAtMs >= EVERY_MS;
  }

  #isTime(): boolean {
    const due = this.isDue();
    if (due) this.#shownAtMs = performance.now();
    return due;
  }

  note(text: string): void {
    this.#write(`${text}\n`);
  }

  end(): void {
    if (this.#last !== undefined && !isEmpty(this.#last)) this.#write(`${renderLines(this.#last)}\n`);
    this.#last = undefined;
  }
}

function isEmpty({ questions, replay }: RunProgress): boolean {
  return questions === 0 && replay === undefined;
}

/** The totals and what is wrong first; the stages, and why nothing moves, stand under them. */
function renderLines(progress: RunProgress): string {
  const { questions, counts, replay, stages, questionsPerSecond, secondsLeft, spent, outages } = progress;
  const { usage, costUsd, unpricedCalls } = spent;
  const totals = [
    `${duration(progress.elapsedSeconds)}: ${plural(questions, 'question')}`,
    ...(replay === undefined ? [] : [replayLine(replay)]),
    ...(counts.held > 0 ? [`${count(counts.held)} held`] : []),
    ...(counts.dead_lettered > 0 ? [plural(counts.dead_lettered, 'dead letter')] : []),
    ...(spent.failedAttempts > 0 ? [plural(spent.failedAttempts, 'failed attempt')] : []),
    ...(questionsPerSecond === undefined ? [] : [`${questionsPerSecond.toFixed(1)}/s`]),
    spending(usage.input + usage.output, costUsd, unpricedCalls),
    ...(secondsLeft === undefined ? [] : [`${duration(secondsLeft)} left`]),
  ];
  const passed = isAboutQuestions(progress) ? stages.map(({ stage, done }) => `${stage} ${count(done)}`) : [];
  const width = COLUMNS - MARGIN.length;
  const [first = '', ...more] = foldedLines(totals, width);
  const under = [
    ...more,
    ...foldedLines(passed, width, ', '),
    ...(progress.budget === undefined ? [] : wrapped(budgetLine(progress.budget), '', width)),
    ...outages.flatMap((outage) => wrapped(outageLine(outage), '', width)),
  ];
  return [first, ...under.map((line) => `${MARGIN}${line}`)].join('\n');
}
