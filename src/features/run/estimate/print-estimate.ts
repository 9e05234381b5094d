import { alignedColumns, duration, money, plural, short, spending } from '../../../infra/terminal/format.ts';
import { printFound } from '../../../infra/terminal/print.ts';
import type { QuestionFile, Rejects } from '../../questions/question-file.ts';
import { rejectsText } from '../../questions/question-file.ts';
import type { Display } from '../display/display.ts';
import { plainSpending } from '../display/json-display.ts';
import { whileShown } from '../display/watch.ts';
import { RunProgressReader } from '../progress/run-progress.ts';
import type { RunFlags } from '../run-flags.ts';
import { SIMULATED_NOTE } from '../session/open-data.ts';
import type { Session } from '../session/session.ts';
import { concurrencyText, type Estimate, estimateRun } from './estimate.ts';
import type { ConfidenceInterval } from './interval.ts';
import { sampleOf } from './sample.ts';

export type EstimateOptions = Readonly<{ size: number; flags: RunFlags; display: Display }>;

/** Works a sample of the file, and prints what all of it will take. Nothing is exported. */
export async function estimate(
  session: Session,
  questions: QuestionFile,
  { size, flags, display }: EstimateOptions,
): Promise<Estimate> {
  const work = async (onStarted: (reader: RunProgressReader) => void) => {
    const sample = await sampleOf(questions.asked(), size, flags.maxQuestions);
    return estimateRun(session, sample, {
      input: `estimate of ${questions.name}`,
      onStarted: (id) => onStarted(new RunProgressReader(session, id)),
    });
  };
  try {
    const estimated = await whileShown(session, display, work);
    printFound(flags, estimateJson(estimated), () =>
      estimateText(estimated, questions.rejects(), questions.name),
    );
    return estimated;
  } finally {
    await questions.close();
  }
}

/** A forecast as a person reads it. */
function estimateText(
  { forecast, concurrency, summary }: Estimate,
  rejects: Rejects | undefined,
  file: string,
): string {
  const { questions, sampled, tokens, costUsd, seconds, rejected, failed } = forecast;
  const { spent, simulated, interrupted } = summary;
  const rows = [
    ['  tokens', ...rangeCells(tokens, short)],
    ['  cost', ...(costUsd === undefined ? ['unknown: set prices', ''] : rangeCells(costUsd, money))],
    ['  time', ...rangeCells(seconds, duration)],
    ['  rejected', ...rangeCells(rejected, percent)],
    ['  failed', ...rangeCells(failed, percent)],
  ];
  return [
    '',
    ...(simulated
      ? [SIMULATED_NOTE, 'These figures are the simulated model’s: no real model was timed.']
      : []),
    `Forecast for ${plural(questions, 'question')}, from ${plural(sampled, 'question')} of them:`,
    alignedColumns(rows),
    `Time is at ${concurrencyText(concurrency)}. In brackets: 90 % confidence${few(sampled, questions)}.`,
    `The sample is kept: the run does not pay for it again. Spent now: ${spending(
      spent.usage.input + spent.usage.output,
      spent.costUsd,
      spent.unpricedCalls,
    )}.`,
    ...(interrupted ? ['Stopped before the whole sample had ended.'] : []),
    ...(rejects === undefined ? [] : [rejectsText(rejects)]),
    `Next: the same command without --estimate works all of ${file}.`,
  ].join('\n');
}

/** The same as one JSON object. */
function estimateJson({ forecast, concurrency, summary }: Estimate): object {
  const { run, simulated, interrupted, budgetSpent, spent } = summary;
  const sample = { run, interrupted, budgetSpent, spent: plainSpending(spent) };
  return { type: 'forecast', simulated, confidence: 0.9, ...forecast, concurrency, sample };
}

function rangeCells({ expected, low, high }: ConfidenceInterval, text: (value: number) => string): string[] {
  const range = low === undefined || high === undefined ? '(no range)' : `(${text(low)} to ${text(high)})`;
  return [text(expected), range];
}

function few(sampled: number, questions: number): string {
  if (sampled >= questions) return ', exact since all were worked';
  if (sampled < 2) return '; one question tells no range';
  return `, by a t-interval (shares: Wilson); more questions narrow it: --estimate ${Math.min(4 * sampled, questions)}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
