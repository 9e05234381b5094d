import { money, short } from '../../../infra/terminal/format.ts';
import type { Amount, Limit } from '../../../streams/budget/amount.ts';
import { limits } from '../../../streams/budget/amount.ts';
import type { TooSmall } from '../further-command.ts';
import type { RunBudgetReading } from './run-budget.ts';

/** `$1.20 of $5.00, 61.2K of 1M tokens`. */
export function spentOf(spent: Amount, limit: Limit): string {
  return [
    ...(limit.costUsd === undefined ? [] : [`${money(spent.costUsd)} of ${money(limit.costUsd)}`]),
    ...(limit.tokens === undefined ? [] : [`${short(spent.tokens)} of ${short(limit.tokens)} tokens`]),
  ].join(', ');
}

export function budgetLine({ run, dayLimit, state }: RunBudgetReading): string {
  const parts = [
    ...(state.kind === 'spent' ? [`used up (${state.scope})`] : []),
    ...(limits(run.limit) ? [`this run ${spentOf(run.spent, run.limit)}`] : []),
    ...(limits(dayLimit) ? [`at most ${limitText(dayLimit)} a day`] : []),
  ];
  return `budget: ${parts.join(' · ')}`;
}

function limitText({ costUsd, tokens }: Limit): string {
  return [
    ...(costUsd === undefined ? [] : [money(costUsd)]),
    ...(tokens === undefined ? [] : [`${short(tokens)} tokens`]),
  ].join(' and ');
}

/** Why a worker stands still, and until when. */
export function dayPause(day: string): string {
  return `Paused: the budget of ${day} (UTC) is used up. Calls go on at 00:00 UTC, or when there is room again; nothing is lost.`;
}

/** Which limit has no room for any call, however little was spent of it; `undefined` where none is so small. */
export function tooSmall({ state, run, dayLimit }: RunBudgetReading): TooSmall | undefined {
  if (state.kind === 'open' || state.needed === undefined) return undefined;
  const limit = state.scope === 'run' ? run.limit : dayLimit;
  return { scope: state.scope, limit, needed: state.needed };
}

/** What a call needs of that which is limited: `$0.0013 and 5.1K tokens`. */
export function amountText({ limit, needed }: TooSmall): string {
  return limitText({
    costUsd: limit.costUsd === undefined ? undefined : needed.costUsd,
    tokens: limit.tokens === undefined ? undefined : needed.tokens,
  });
}
