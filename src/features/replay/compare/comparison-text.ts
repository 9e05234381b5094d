import {
  alignedColumns,
  count,
  plural,
  printable,
  scoreText,
  spending,
} from '../../../infra/terminal/format.ts';
import type { LaneName } from '../../../streams/work/work.ts';
import type { Compared, LaneVerdict } from './compare.ts';
import type { ComparisonTotals } from './comparison.ts';
import type { LaneCost } from './lane-cost.ts';

export type LaneNames = Readonly<{ a: LaneName; b: LaneName }>;

// Rows are printed as they come, so their widths are fixed.
const ID_WIDTH = 24;
const VERDICT_WIDTH = 18;
const SHOWN_TEXT = 60;

export function headText({ a, b }: LaneNames): string {
  return row('question', printable(a, VERDICT_WIDTH), printable(b, VERDICT_WIDTH), `scores, ${a}|${b}`);
}

/** One question: both verdicts with their lowest score, every criterion, and its text. */
export function comparedText({ questionId, text, a, b }: Compared): string {
  const names = new Set([...Object.keys(a.review?.scores ?? {}), ...Object.keys(b.review?.scores ?? {})]);
  const scores = [...names].map((name) => `${name} ${scoreOf(a, name)}|${scoreOf(b, name)}`).join(', ');
  const facts = [scores, printable(text, SHOWN_TEXT)].filter((fact) => fact !== '').join('  ');
  return row(questionId, verdictText(a), verdictText(b), facts);
}

function row(question: string, a: string, b: string, rest: string): string {
  return `${question.padEnd(ID_WIDTH)}  ${a.padEnd(VERDICT_WIDTH)}  ${b.padEnd(VERDICT_WIDTH)}  ${rest}`;
}

function verdictText({ status, review }: LaneVerdict): string {
  return review === undefined ? status : `${status} ${scoreText(review.score)}`;
}

function scoreOf({ review }: LaneVerdict, criterion: string): string {
  return scoreText(review?.scores[criterion]?.score);
}

export function totalsText(
  { a, b }: LaneNames,
  totals: ComparisonTotals,
  costs: Readonly<{ a: LaneCost; b: LaneCost }>,
): string {
  const { questions, onlyInA, onlyInB, judged, agreement, means } = totals;
  const verdicts = [
    ['approved in both', totals.approvedInBoth],
    [`only in ${a}`, totals.approvedOnlyInA],
    [`only in ${b}`, totals.approvedOnlyInB],
    ['in neither', totals.approvedInNeither],
  ] as const;
  const share = agreement === undefined ? '' : `; they agree on ${(agreement * 100).toFixed(1)} %`;
  return [
    '',
    `${plural(questions, 'question')} in both lanes, ${count(onlyInA)} only in ${a}, ${count(onlyInB)} only in ${b}.`,
    `${count(judged)} approved or rejected in both${share}:`,
    alignedColumns(verdicts.map(([name, n]) => [`  ${name}`, count(n)])),
    '',
    alignedColumns([
      ['mean', a, b],
      ...means.map(({ criterion, a: inA, b: inB }) => [criterion, scoreText(inA), scoreText(inB)]),
    ]),
    '',
    `${a} has cost ${costText(costs.a)}.`,
    `${b} has cost ${costText(costs.b)}.`,
  ].join('\n');
}

function costText({ works, failedCalls, tokens, costUsd, unpricedCalls }: LaneCost): string {
  const failed = failedCalls === 0 ? '' : ` and ${plural(failedCalls, 'failed call')}`;
  return `${plural(works, 'work')}${failed}, ${spending(tokens, costUsd, unpricedCalls)}`;
}
