import type { BudgetReading, RateReading } from '../../../streams/limits/rate/rate-reading.ts';
import { httpDate } from './failures/retry-after.ts';
import type { HeaderReader } from './transport/text-reply.ts';

type Names = Readonly<{ limit: string; remaining: string; reset: string }>;

/** By whom a budget is named how; the first that is there counts. */
const REQUESTS: readonly Names[] = [
  // OpenAI, Azure, Groq and most who follow them.
  of('x-ratelimit', 'requests'),
  plain('anthropic-ratelimit-requests'),
  // draft-ietf-httpapi-ratelimit-headers-06, and the custom before it.
  plain('ratelimit'),
  plain('x-ratelimit'),
];
const TOKENS: readonly Names[] = [of('x-ratelimit', 'tokens'), plain('anthropic-ratelimit-tokens')];

/**
 * What the headers say of the server's budgets; `undefined` if nothing. A budget without a readable, sensible rest is
 * not there: Azure has sent -1 for a limit that it did not know
 * ([openai-dotnet #838](https://github.com/openai/openai-dotnet/issues/838)).
 */
export function rateReading(headers: HeaderReader, nowMs: number): RateReading | undefined {
  const requests = firstBudget(REQUESTS, headers, nowMs);
  const tokens = firstBudget(TOKENS, headers, nowMs);
  if (requests === undefined && tokens === undefined) return undefined;
  return { ...(requests === undefined ? {} : { requests }), ...(tokens === undefined ? {} : { tokens }) };
}

function firstBudget(all: readonly Names[], headers: HeaderReader, nowMs: number): BudgetReading | undefined {
  for (const names of all) {
    const budget = budgetOf(names, headers, nowMs);
    if (budget !== undefined) return budget;
  }
  return undefined;
}

function budgetOf(names: Names, headers: HeaderReader, nowMs: number): BudgetReading | undefined {
  const remaining = amount(headers.get(names.remaining));
  if (remaining === undefined || remaining < 0) return undefined;
  const limit = amount(headers.get(names.limit));
  if (limit !== undefined && limit < Math.max(1, remaining)) return undefined;
  const serverNowMs = httpDate(headers.get('date') ?? '') ?? nowMs;
  return { limit, remaining, resetMs: resetMs(headers.get(names.reset), serverNowMs) };
}

function amount(text: string | null): number | undefined {
  return text !== null && /^\s*-?\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}

const UNIT_MS: Readonly<Record<string, number>> = {
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
};
const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|[dhms]))+$/;
/** A number this large is no time span but a date: seconds, or milliseconds, since 1970. */
const EPOCH_SECONDS = 1e9;
const EPOCH_MS = 1e12;

/** `6m0s`, `120ms`, `7.66s`; seconds; a date as RFC 3339 or as seconds or milliseconds since 1970. */
function resetMs(text: string | null, nowMs: number): number | undefined {
  const trimmed = text?.trim() ?? '';
  if (DURATION.test(trimmed)) return durationMs(trimmed);
  const number = amount(trimmed);
  if (number === undefined) return fromNow(dateMs(trimmed), nowMs);
  if (number < EPOCH_SECONDS) return Math.max(0, number * 1_000);
  return fromNow(number < EPOCH_MS ? number * 1_000 : number, nowMs);
}

function durationMs(text: string): number {
  let sum = 0;
  for (const [, number, unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[dhms])/g))
    sum += Number(number) * (UNIT_MS[unit] ?? 0);
  return sum;
}

function dateMs(text: string): number | undefined {
  const time = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? httpDate(text) : time;
}

function fromNow(dateMs: number | undefined, nowMs: number): number | undefined {
  return dateMs === undefined ? undefined : Math.max(0, dateMs - nowMs);
}

function of(prefix: string, unit: string): Names {
  return {
    limit: `${prefix}-limit-${unit}`,
    remaining: `${prefix}-remaining-${unit}`,
    reset: `${prefix}-reset-${unit}`,
  };
}

function plain(prefix: string): Names {
  return { limit: `${prefix}-limit`, remaining: `${prefix}-remaining`, reset: `${prefix}-reset` };
}
