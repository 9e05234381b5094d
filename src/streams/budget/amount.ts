/** What calls take: tokens in and out, and US dollars. */
export type Amount = Readonly<{ tokens: number; costUsd: number }>;

/** The most that may be taken; what is left out is not limited. */
export type Limit = Readonly<{ tokens?: number | undefined; costUsd?: number | undefined }>;

export const NOTHING: Amount = { tokens: 0, costUsd: 0 };

/** Sums of dollars are not exact: this much, a millionth of a cent, is no difference. */
const ROUNDING_USD = 1e-8;

export function plus(a: Amount, b: Amount): Amount {
  return { tokens: a.tokens + b.tokens, costUsd: a.costUsd + b.costUsd };
}

/** What is left of `a` without `b`, never below nothing. */
export function minus(a: Amount, b: Amount): Amount {
  return { tokens: Math.max(0, a.tokens - b.tokens), costUsd: Math.max(0, a.costUsd - b.costUsd) };
}

export function times(a: Amount, factor: number): Amount {
  return { tokens: Math.ceil(a.tokens * factor), costUsd: a.costUsd * factor };
}

/** The higher of both, in tokens and in dollars. */
export function highest(a: Amount, b: Amount): Amount {
  return { tokens: Math.max(a.tokens, b.tokens), costUsd: Math.max(a.costUsd, b.costUsd) };
}

/** The lower of both, in tokens and in dollars. */
export function lowest(a: Amount, b: Limit): Amount {
  return {
    tokens: Math.min(a.tokens, b.tokens ?? Number.POSITIVE_INFINITY),
    costUsd: Math.min(a.costUsd, b.costUsd ?? Number.POSITIVE_INFINITY),
  };
}

export function isWithin(amount: Amount, { tokens, costUsd }: Limit): boolean {
  return (
    (tokens === undefined || amount.tokens <= tokens) &&
    (costUsd === undefined || amount.costUsd <= costUsd + ROUNDING_USD)
  );
}

export function limits({ tokens, costUsd }: Limit): boolean {
  return tokens !== undefined || costUsd !== undefined;
}

/** What a limit leaves after `taken`; `undefined` where nothing limits. */
export function leftOf({ tokens, costUsd }: Limit, taken: Amount): Limit {
  return {
    tokens: tokens === undefined ? undefined : Math.max(0, tokens - taken.tokens),
    costUsd: costUsd === undefined ? undefined : Math.max(0, costUsd - taken.costUsd),
  };
}
