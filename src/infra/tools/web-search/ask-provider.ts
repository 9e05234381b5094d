import type { z } from 'zod';
import { parseJson } from '../../../stages/text/json.ts';
import { Failure, QUOTA_EXHAUSTED } from '../../../streams/failure.ts';
import { shownUrl } from '../../models/openai/shown-url.ts';
import type { HttpExchange } from '../../models/openai/transport/http-exchange.ts';
import { packageFacts } from '../../package-facts.ts';
import type { SearchContext } from './search-provider.ts';

type ProviderRefusal = Readonly<{
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

type Asked = Readonly<{
  provider: string;
  /** Below the base URL. */
  path: string;
  query?: Readonly<Record<string, string>>;
  headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. Absent: the request is a GET. */
  body?: unknown;
}>;

const MOST_MS = 15_000;
let opened: Promise<HttpExchange> | undefined;

/** Providers are registered at every start, and most runs search no web: its libraries are loaded with the first search. */
async function opening(): Promise<HttpExchange> {
  return (await import('../../models/openai/transport/http-exchange.ts')).httpExchange();
}

/** Asks a provider, once, and reads its answer. Rejects with a Failure, classified. */
export async function askProvider<T>(
  { provider, path, query = {}, headers = {}, body }: Asked,
  answer: z.ZodType<T>,
  { signal, baseUrl, keyVariable }: SearchContext,
): Promise<T> {
  const url = new URL(`${baseUrl.replace(/\/+$/, '')}${path}`);
  const address = shownUrl(baseUrl) ?? url.origin;
  opened ??= opening();
  const exchange = await opened;
  const {
    status,
    headers: answered,
    text,
  } = await exchange({
    method: body === undefined ? 'GET' : 'POST',
    origin: url.origin,
    path: `${url.pathname}?${new URLSearchParams(query)}`.replace(/\?$/, ''),
    headers: { ...OWN_HEADERS, 'user-agent': `millrace/${packageFacts().version}`, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal,
    timeoutMs: MOST_MS,
  }).catch(async (error: unknown) => {
    signal.throwIfAborted();
    const { networkFailure } = await import('../../models/openai/failures/network-failure.ts');
    throw networkFailure(error, contextOf(address, keyVariable));
  });
  const retryAfter = answered.get('retry-after');
  if (status !== 200) throw refusalOf({ provider, keyVariable, address, status, text, retryAfter });
  const { data } = answer.safeParse(parseJson(text));
  if (data !== undefined) return data;
  const message = `Web search by ${provider} at ${address} answered with something else than results.`;
  throw new Failure('transient', 'malformed_response', message, { outageSignal: true });
}

const OWN_HEADERS = { accept: 'application/json', 'content-type': 'application/json' };

function contextOf(address: string, keyVariable = '') {
  const call = { address, apiKeyVariable: keyVariable, hasKey: true, secrets: [], model: '' };
  return { ...call, timeoutMs: MOST_MS, ended: undefined };
}

/** An answer other than 200, as a Failure that says what to do. */
function refusalOf({ provider, keyVariable, address, status, text, retryAfter }: ProviderRefusal): Failure {
  const said = text.slice(0, MOST_LOOKED_AT);
  const named = keyVariable === undefined ? '' : ` Its key is that of ${keyVariable}.`;
  const answered = `Web search by ${provider} answered with status ${status}`;
  if (provider === 'searxng' && status === 403) {
    const message = `The SearXNG at ${address} gives no JSON (403): enable json under search.formats in its settings.yml.`;
    return new Failure('fatal', 'no_json', message);
  }
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
