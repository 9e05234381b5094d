import {
  alignedColumns,
  count,
  plural,
  printable,
  scoreText,
  spending,
} from '../../infra/terminal/format.ts';
import type { ShadowVerdict } from '../../stages/store/shadow-repository.ts';
import { shareRange } from '../run/estimate/interval.ts';
import type { ShadowDetail, ShadowReportBody } from './http/schemas.ts';
import { lagText, per1000Text, shareText, signed } from './judge-text.ts';

const SHOWN_FEEDBACK = 90;

/** All about one shadow judge, its newest disagreements last. Text of strangers is safe to print. */
export function shadowText(report: ShadowDetail, disagreements: readonly ShadowVerdict[]): string {
  const parts = [
    headText(report),
    agreementText(report),
    fourfoldText(report),
    daysText(report),
    costsText(report),
    sidedText(report),
    disagreementsText(disagreements),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function headText({ name, lane, since, recipe, minScore, cost }: ShadowDetail): string {
  const model = (text: string) => (text === '' ? 'an unknown model' : printable(text, 100));
  return [
    `${name}: ${model(cost.shadow.model)} beside ${model(cost.live.model)}, the judge of lane ${lane}, since ${since.slice(0, 19)}`,
    `  prompt version ${recipe}, approves from a score of ${scoreText(minScore)} on`,
  ].join('\n');
}

function agreementText(shadow: ShadowDetail) {
  const { judged, failed, lag, both, neither, kappa, agreement, scoreDifference } = shadow;
  const left = lag === null ? 'how many it has to go is unknown: the log is away' : `${lagText(lag)} to go`;
  const counts = `${plural(judged, 'candidate')} judged, ${count(failed)} failed, ${left}.`;
  if (agreement === null) return counts;
  const { low, high } = shareRange(both + neither, judged);
  const sure = `between ${shareText(low)} and ${shareText(high)} with 90 % confidence`;
  const beyond = kappa === null ? 'no kappa: one of them always says the same' : `kappa ${scoreText(kappa)}`;
  return `${counts}\nThey agree on ${shareText(agreement)} (${sure}); ${beyond}. Score of the shadow less the judge’s: ${signed(scoreDifference)}.`;
}

function fourfoldText({ judged, both, neither, liveOnly, shadowOnly }: ShadowDetail): string {
  if (judged === 0) return '';
  return alignedColumns([
    ['', 'shadow approves', 'shadow rejects'],
    ['judge approves', count(both), count(liveOnly)],
    ['judge rejects', count(shadowOnly), count(neither)],
  ]);
}

function daysText({ byDay }: ShadowDetail): string {
  if (byDay.length === 0) return '';
  const rows = byDay.map(({ day, judged, agreement, kappa, scoreDifference }) => [
    ...[day, count(judged), shareText(agreement), scoreText(kappa), signed(scoreDifference)],
  ]);
  return alignedColumns([['day (UTC)', 'judged', 'agree', 'kappa', 'score'], ...rows]);
}

function costsText({ cost: { shadow, live } }: ShadowDetail): string {
  const rows = [['shadow', shadow] as const, ['judge', live] as const].map(([who, each]) => [
    ...[who, printable(each.model, 40), count(each.works), per1000Text(each)],
    spending(each.tokens, each.costUsd, each.unpricedCalls),
  ]);
  return alignedColumns([['cost', 'model', 'judged', 'per 1,000', 'in all'], ...rows]);
}

function sidedText({ sided: { withLive, withShadow } }: ShadowDetail): string {
  const decided = withLive + withShadow;
  if (decided === 0) return '';
  return `People decided ${plural(decided, 'disagreement')}: ${count(withLive)} as the judge, ${count(withShadow)} as the shadow.`;
}

function disagreementsText(verdicts: readonly ShadowVerdict[]): string {
  if (verdicts.length === 0) return '';
  const rows = verdicts.map(({ questionId, revision, live, liveScore, verdict, score, feedback }) => [
    ...[questionId, count(revision), `${live} ${scoreText(liveScore)}`, `${verdict} ${scoreText(score)}`],
    printable(feedback, SHOWN_FEEDBACK),
  ]);
  const head = ['question', 'revision', 'judge', 'shadow', 'the shadow says'];
  return `The newest disagreements (more of one: millrace show ID):\n${alignedColumns([head, ...rows])}`;
}

/** Every shadow judge in a line of its own; where there is none, how to start one. */
export function shadowTable(shadows: readonly ShadowReportBody[]): string {
  if (shadows.length === 0) return HOW_TO_START;
  const head = [
    'shadow',
    'model',
    'judged',
    'agree',
    'kappa',
    'score',
    'per 1,000',
    'the judge’s',
    'failed',
    'lag',
  ];
  const rows = shadows.map(({ name, cost, judged, agreement, kappa, scoreDifference, failed, lag }) => [
    ...[name, printable(cost.shadow.model, 40), count(judged)],
    ...[shareText(agreement), scoreText(kappa), signed(scoreDifference)],
    ...[per1000Text(cost.shadow), per1000Text(cost.live), count(failed), lagText(lag)],
  ]);
  return `${alignedColumns([head, ...rows])}\n\n${HOW_TO_READ}`;
}

const HOW_TO_START = `No shadow judge is known here. One judges what the judge judges, and changes nothing:
  $ millrace run questions.jsonl --shadow strict=gpt-4o
  $ millrace worker --shadow strict=gpt-4o,cheap=gpt-4o-mini
It calls its model for every candidate, so it costs what a second judge costs.`;

const HOW_TO_READ =
  'score: the shadow’s less the judge’s, on average. per 1,000: what 1,000 candidates cost, beside the judge’s. More of one: millrace shadow NAME';
