import { Failure, QUOTA_EXHAUSTED } from '../../../streams/failure.ts';

export type ProviderRefusal = Readonly<{
  provider: string;
  keyVariable?: string | undefined;
  address: string;
  status: number;
  text: string;
  retryAfter: string | null;
}>;

/** By what a key was refused, other than 401 and 403: Brave does it with 422. */
const KEY_REFUSED = /SUBSCRIPTION_TOKEN_INVALID/;
/** Money or quota that is spent: no waiting of seconds brings it back. 432 and 433 are Tavily's. */
const QUOTA_STATUSES: ReadonlySet<number> = new Set([402, 432, 433]);
/** What Brave says with 429 where the month is used up. */
const QUOTA_SAID = /QUOTA_LIMITED|USAGE_LIMIT_EXCEEDED/;
const MAY_PASS: ReadonlySet<number> = new Set([408, 409, 425]);
const MOST_LOOKED_AT = 4_000;

/** An answer other than 200, as a Failure that says what to do. */
export function refusalOf({
  provider,
  keyVariable,
  address,
  status,
  text,
  retryAfter,
}: ProviderRefusal): Failure {
  const said = text.slice(0, MOST_LOOKED_AT);
  const named = keyVariable === undefined ? '' : ` Its key is that of ${keyVariable}.`;
  const answered = `Web search by ${provider} answered with status ${status}`;
  if (provider === 'searxng' && status === 403)
    return new Failure(
      'fatal',
      'no_json',
      `The SearXNG at ${address} gives no JSON (403): enable json under search.formats in its settings.yml.`,
    );
  if (status === 401 || status === 403 || KEY_REFUSED.test(said))
    return new Failure('fatal', 'search_key_refused', `${answered}: it refuses the key.${named}`);
  if (QUOTA_STATUSES.has(status) || (status === 429 && QUOTA_SAID.test(said)))
    return new Failure(
      'outage',
      QUOTA_EXHAUSTED,
      `${answered}: the quota is spent.${named}`,
      waitOf(retryAfter),
    );
  if (status === 429)
    return new Failure('transient', 'rate_limited', `${answered}.`, {
      pressure: 'rate-limit',
      ...waitOf(retryAfter),
    });
  if (status >= 500 || MAY_PASS.has(status))
    return new Failure('transient', 'server_error', `${answered}.`, {
      outageSignal: true,
      ...waitOf(retryAfter),
    });
  return new Failure('content', 'search_refused', `${answered}. Try other words.`, { final: true });
}

function waitOf(retryAfter: string | null): Readonly<{ retryAfterMs?: number }> {
  const seconds = Number.parseInt(retryAfter ?? '', 10);
  return Number.isNaN(seconds) ? {} : { retryAfterMs: seconds * 1_000 };
}
