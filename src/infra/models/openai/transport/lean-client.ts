import type { ChatRequest } from '../../../../stages/agent/chat-model.ts';
import { wellFormedJson } from '../../../../stages/text/well-formed.ts';
import { environmentVariable } from '../../../config/environment-variable.ts';
import { packageFacts } from '../../../package-facts.ts';
import { type LlmEndpoint, requestTo } from '../endpoint.ts';
import { HttpRefusal } from '../failures/http-refusal.ts';
import type { HttpExchange } from './http-exchange.ts';
import { type HeaderReader, isSuccess } from './text-reply.ts';

type Sending = Readonly<{
  signal: AbortSignal;
  timeoutMs: number;
  onHeaders?: ((headers: HeaderReader) => void) | undefined;
  onBody?: ChatRequest['onBody'];
}>;

/** Gives back the body of the answer. Rejects with an `HttpRefusal` for a status other than success. */
export type Send = (body: object, sending: Sending) => Promise<string>;

/**
 * What we need of the `openai` client: one path of one server. The whole client is 240 files that every
 * start would read, and twice the CPU time a call: here the address and the headers are made once.
 */
export function leanClient(endpoint: LlmEndpoint, exchange: HttpExchange, path = '/chat/completions'): Send {
  const { url, headers } = requestTo(endpoint, path);
  const to = {
    method: 'POST',
    origin: url.origin,
    path: url.pathname + url.search,
    headers: { ...headers, ...headersOf(url) },
  } as const;
  return async (body, { signal, timeoutMs, onHeaders, onBody }) => {
    const {
      status,
      headers: answered,
      text,
    } = await exchange({
      ...to,
      body: wellFormedJson(body),
      signal,
      timeoutMs,
      onBody,
    });
    onHeaders?.(answered);
    if (isSuccess(status)) return text;
    throw new HttpRefusal(status, answered, text);
  };
}

function headersOf({ hostname }: URL): Record<string, string> {
  return {
    accept: 'application/json',
    'content-type': 'application/json',
    'user-agent': `millrace/${packageFacts().version}`,
    // To whom the bill goes, by the variables of the `openai` client; no other server learns of it.
    ...(hostname.endsWith('.openai.com') ? billedTo() : {}),
  };
}

function billedTo(): Record<string, string> {
  const named = [
    ['openai-organization', environmentVariable('OPENAI_ORG_ID')],
    ['openai-project', environmentVariable('OPENAI_PROJECT_ID')],
  ];
  return Object.fromEntries(named.filter(([, value]) => value !== undefined));
}
