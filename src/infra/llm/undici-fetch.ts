import { Agent, type Dispatcher } from 'undici';
import { TextHandler } from './text-handler.ts';
import { MAX_REPLY_BYTES } from './unpack.ts';

const CONNECT_TIMEOUT_MS = 10_000;

/** What the `openai` client needs of a `fetch`. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * A `fetch` over undici's dispatcher: half the CPU time of the built-in one, and without its limit of 300 s for the
 * headers to come. The body is read to its end before it resolves, so one signal covers the whole exchange. It sends
 * text bodies only, follows no redirect, and rejects with undici's own errors or with the signal's reason.
 */
export function undiciFetch(): Fetch {
  const dispatcher = new Agent({
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    maxResponseSize: MAX_REPLY_BYTES,
  });
  return (input, init = {}) =>
    new Promise((resolve, reject) => {
      const url = input instanceof Request ? input.url : String(input);
      dispatcher.dispatch(
        requestOf(url, init),
        new TextHandler(url, init.signal ?? undefined, resolve, reject),
      );
    });
}

function requestOf(url: string, { method, headers, body }: RequestInit): Dispatcher.DispatchOptions {
  const { origin, pathname, search } = new URL(url);
  return {
    origin,
    path: pathname + search,
    method: method?.toUpperCase() === 'POST' ? 'POST' : 'GET',
    headers: headers instanceof Headers ? headers : new Headers(headers),
    body: typeof body === 'string' ? body : null,
  };
}
