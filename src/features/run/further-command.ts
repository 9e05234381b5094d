import type { Amount, Limit } from '../../streams/budget/amount.ts';
import type { BudgetScope } from '../../streams/budget/budget.ts';

const FLAGS = {
  run: { costUsd: '--max-cost', tokens: '--max-tokens' },
  day: { costUsd: '--max-cost-per-day', tokens: '--max-tokens-per-day' },
} as const;

/** Which limit had no room for a call, and what that may take. */
export type TooSmall = Readonly<{ scope: BudgetScope; limit: Limit; needed: Amount }>;

/** The words of a command with limits that have room for the call that had none. */
export function furtherCommand(
  given: readonly string[],
  { scope, limit, needed }: TooSmall,
): readonly string[] {
  let words = given;
  for (const unit of ['costUsd', 'tokens'] as const) {
    const most = limit[unit];
    if (most !== undefined && needed[unit] > most)
      words = withFlag(words, FLAGS[scope][unit], roundedUp(needed[unit]));
  }
  return words;
}

function withFlag(given: readonly string[], flag: string, value: string): readonly string[] {
  const at = given.indexOf(flag);
  if (at !== -1) return given.with(at + 1, value);
  const inOne = given.findIndex((word) => word.startsWith(`${flag}=`));
  return inOne === -1 ? [...given, flag, value] : given.with(inOne, `${flag}=${value}`);
}

/** To two digits: 0.0012345 is 0.0013, and 5,120 is 5,200. */
function roundedUp(amount: number): string {
  const unit = 10 ** (Math.floor(Math.log10(amount)) - 1);
  return String(Number((Math.ceil(amount / unit - 1e-9) * unit).toPrecision(2)));
}
