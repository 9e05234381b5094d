import type { z } from 'zod';
import { parseJson } from '../../../stages/text/json.ts';
import { Failure } from '../../../streams/failure.ts';
import { shownUrl } from '../../models/openai/shown-url.ts';
import type { HttpExchange } from '../../models/openai/transport/http-exchange.ts';
import { packageFacts } from '../../package-facts.ts';
import { refusalOf } from './provider-failures.ts';
import type { SearchContext } from './search-provider.ts';

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
