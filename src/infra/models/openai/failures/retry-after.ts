import type { HeaderReader } from '../transport/text-reply.ts';

/**
 * How long a server asks us to wait, in milliseconds, of whatever length: `retry-after-ms`, or else `retry-after` in
 * seconds or as a date. A date is read against the server's own `date`, so that a wrong clock here does no harm.
 * `undefined` if nothing, or nothing readable, was said.
 */
export function retryAfterMs(headers: HeaderReader, nowMs: number): number | undefined {
  return amount(headers.get('retry-after-ms'), 1) ?? ofRetryAfter(headers, nowMs);
}

function ofRetryAfter(headers: HeaderReader, nowMs: number): number | undefined {
  const text = headers.get('retry-after');
  if (text === null) return undefined;
  const waitMs = amount(text, 1_000);
  if (waitMs !== undefined) return waitMs;
  const until = httpDate(text);
  const serverNow = httpDate(headers.get('date') ?? '') ?? nowMs;
  return until === undefined ? undefined : Math.max(0, until - serverNow);
}

function amount(text: string | null, unitMs: number): number | undefined {
  return text !== null && /^\s*\d+(\.\d*)?\s*$/.test(text) ? Math.ceil(Number(text) * unitMs) : undefined;
}

/** The time of an HTTP date, in milliseconds since 1970; `undefined` if it is none. */
// Date.parse alone takes nearly any text for a date, `-5` included.
export function httpDate(text: string): number | undefined {
  const time = /^\s*[a-z]{3}/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
