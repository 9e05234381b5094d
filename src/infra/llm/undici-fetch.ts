import { Agent, request } from 'undici';
import { TextResponse } from './text-response.ts';

/** The largest body we read of one reply, in bytes. No answer comes near it; a broken server might. */
export const MAX_REPLY_BYTES = 16 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 10_000;

/** What the `openai` client needs of a `fetch`. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * A `fetch` over undici's `request`: half the CPU time of the built-in one, and without its limit of 300 s for the
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
  return async (input, init = {}) => {
    const url = input instanceof Request ? input.url : String(input);
    const reply = await request(url, {
      dispatcher,
      method: init.method?.toUpperCase() === 'POST' ? 'POST' : 'GET',
      headers: init.headers instanceof Headers ? init.headers : new Headers(init.headers),
      body: typeof init.body === 'string' ? init.body : null,
      signal: init.signal ?? null,
    });
    const text = await reply.body.text();
    return new TextResponse(text, { url, status: reply.statusCode, headers: reply.headers });
  };
}
