import { alignedColumns, count, printable, scoreText } from '../../infra/terminal/format.ts';
import type { ShadowReportBody } from './http/schemas.ts';
import { lagText, per1000Text, shareText, signed } from './judge-text.ts';

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
