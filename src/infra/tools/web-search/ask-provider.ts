import type { z } from 'zod';
import { parseJson } from '../../../stages/text/json.ts';
import { Failure, QUOTA_EXHAUSTED } from '../../../streams/failure.ts';
import { shownUrl } from '../../models/openai/shown-url.ts';
import type { HttpExchange } from '../../models/openai/transport/http-exchange.ts';
import type { TextReply } from '../../models/openai/transport/text-reply.ts';
import { packageFacts } from '../../package-facts.ts';
import { refusedForGood } from '../refused-for-good.ts';
import { waitAsked } from '../wait-asked.ts';
import type { SearchContext } from './search-provider.ts';

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
/** Providers are registered at every start, and most runs search no web: its libraries are loaded with the first search. */
let opened: Promise<HttpExchange> | undefined;

/** Asks a provider, once, and reads its answer. Rejects with a Failure, classified. */
export async function askProvider<T>(
  { provider, path, query = {}, headers = {}, body }: Asked,
  answer: z.ZodType<T>,
  { signal, baseUrl, keyVariable }: SearchContext,
): Promise<T> {
  const url = new URL(`${baseUrl.replace(/\/+$/, '')}${path}`);
  const address = shownUrl(baseUrl) ?? url.origin;
  opened ??= import('../../models/openai/transport/http-exchange.ts').then((all) => all.httpExchange());
  const exchange = await opened;
  const reply = await exchange({
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
    throw networkFailure(error, { address });
  });
  if (reply.status !== 200) throw refusalOf(reply, { provider, keyVariable, address });
  const { data } = answer.safeParse(parseJson(reply.text));
  if (data !== undefined) return data;
  const message = `Web search by ${provider} at ${address} answered with something else than results.`;
  throw new Failure('transient', 'malformed_response', message, { outageSignal: true });
}

const OWN_HEADERS = { accept: 'application/json', 'content-type': 'application/json' };

type Provider = Readonly<{ provider: string; keyVariable?: string | undefined; address: string }>;

/** An answer other than 200, as a Failure that says what to do. */
function refusalOf(
  { status, text, headers }: TextReply,
  { provider, keyVariable, address }: Provider,
): Failure {
  const said = text.slice(0, MOST_LOOKED_AT);
  const named = keyVariable === undefined ? '' : ` Its key is that of ${keyVariable}.`;
  const answered = `Web search by ${provider} answered with status ${status}`;
  if (provider === 'searxng' && status === 403) {
    const message = `The SearXNG at ${address} gives no JSON (403): enable json under search.formats in its settings.yml.`;
    return new Failure('fatal', 'no_json', message);
  }
  if (status === 401 || status === 403 || KEY_REFUSED.test(said))
    return new Failure('fatal', 'search_key_refused', `${answered}: it refuses the key.${named}`);
  const wait = waitAsked(headers);
  if (QUOTA_STATUSES.has(status) || (status === 429 && QUOTA_SAID.test(said)))
    return new Failure('outage', QUOTA_EXHAUSTED, `${answered}: the quota is spent.${named}`, wait);
  if (status === 429)
    return new Failure('transient', 'rate_limited', `${answered}.`, { pressure: 'rate-limit', ...wait });
  if (status >= 500 || MAY_PASS.has(status))
    return new Failure('transient', 'server_error', `${answered}.`, { outageSignal: true, ...wait });
  return refusedForGood('search_refused', `${answered}. Try other words.`);
}
