import { OpenAI } from 'openai';
import type { ChatBody } from './chat-body.ts';
import type { Fetch } from './undici-fetch.ts';

type Target = Readonly<{ url: string; headers: Headers }>;

/**
 * The `openai` client for one path, at half its CPU time: it makes the URL and the headers once, and its errors from
 * what the server answers; the request itself goes out by `fetch`.
 */
export class LeanOpenAI extends OpenAI {
  #target: Promise<Target> | undefined;

  /** The body of the answer. Rejects with the client's own error for a status that is none of success. */
  async send(
    body: ChatBody,
    fetch: Fetch,
    {
      signal,
      onHeaders,
    }: Readonly<{ signal: AbortSignal; onHeaders?: ((headers: Headers) => void) | undefined }>,
  ): Promise<string> {
    this.#target ??= this.#build();
    const { url, headers } = await this.#target;
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal });
    onHeaders?.(response.headers);
    const text = await response.text();
    if (response.ok) return text;
    const json = parsed(text);
    throw this.makeStatusError(
      response.status,
      json ?? {},
      json === undefined ? text : undefined,
      response.headers,
    );
  }

  async #build(): Promise<Target> {
    const { url, req } = await this.buildRequest({ method: 'post', path: '/chat/completions', body: {} });
    return { url, headers: new Headers(req.headers) };
  }
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
