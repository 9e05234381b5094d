import { APIError } from 'openai/core/error';
import type { ChatRequest } from '../../stages/chat-model.ts';
import { environmentVariable } from '../config/environment.ts';
import { packageFacts } from '../package-facts.ts';
import type { ChatBody } from './chat-body.ts';
import type { LlmEndpoint } from './endpoint.ts';
import type { HttpExchange } from './http-exchange.ts';
import { type HeaderReader, isSuccess } from './text-reply.ts';

type Sending = Readonly<{
  signal: AbortSignal;
  timeoutMs: number;
  onHeaders?: ((headers: HeaderReader) => void) | undefined;
  onBody?: ChatRequest['onBody'];
}>;

/** Gives back the body of the answer. Rejects with the `openai` client's own error for a status that is none of success. */
export type Send = (body: ChatBody, sending: Sending) => Promise<string>;

/**
 * What we need of the `openai` client: one path of one server, and its errors. The whole client is 240 files that every
 * start would read, and twice the CPU time a call: here the address and the headers are made once.
 */
export function leanClient(endpoint: LlmEndpoint, exchange: HttpExchange): Send {
  const url = new URL(`${endpoint.baseUrl.replace(/\/$/, '')}/chat/completions`);
  const to = {
    method: 'POST',
    origin: url.origin,
    path: url.pathname + url.search,
    headers: headersOf(endpoint, url),
  } as const;
  return async (body, { signal, timeoutMs, onHeaders, onBody }) => {
    const { status, headers, text } = await exchange({
      ...to,
      body: JSON.stringify(body),
      signal,
      timeoutMs,
      onBody,
    });
    onHeaders?.(headers);
    if (isSuccess(status)) return text;
    const json = parsed(text);
    throw APIError.generate(
      status,
      json ?? {},
      json === undefined ? text : undefined,
      waitingHeaders(headers),
    );
  };
}

function headersOf({ apiKey }: LlmEndpoint, { hostname }: URL): Record<string, string> {
  return {
    accept: 'application/json',
    'content-type': 'application/json',
    'user-agent': `millrace/${packageFacts().version}`,
    ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
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

/** What is read of a refusal. */
function waitingHeaders(headers: HeaderReader): Headers {
  const names = ['date', 'retry-after', 'retry-after-ms', 'x-request-id'];
  return new Headers(names.flatMap((name) => entry(name, headers.get(name))));
}

function entry(name: string, value: string | null): [string, string][] {
  return value === null ? [] : [[name, value]];
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
