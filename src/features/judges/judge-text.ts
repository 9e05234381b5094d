import { count, money, scoreText } from '../../infra/terminal/format.ts';
import type { ShadowReportBody } from './http/schemas.ts';

type JudgeCost = ShadowReportBody['cost']['live'];

/** `$12.30`; calls of unknown price are said, and not passed off as free. */
export function per1000Text({ works, costPer1000Usd, unpricedCalls }: JudgeCost): string {
  if (costPer1000Usd !== null) return money(costPer1000Usd);
  return works > 0 && unpricedCalls > 0 ? 'unpriced' : '-';
}

/** `70.0 %`. */
export function shareText(share: number | null | undefined): string {
  return share === null || share === undefined ? '-' : `${(share * 100).toFixed(1)} %`;
}

/** A difference of scores with its sign. */
export function signed(difference: number | null): string {
  const text = scoreText(difference);
  return difference !== null && difference > 0 && text !== '0' ? `+${text}` : text;
}

/** Records that the shadow has still to judge. */
export function lagText(lag: number | null): string {
  return lag === null ? 'unknown' : count(lag);
}
