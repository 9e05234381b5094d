import type { Readable } from 'node:stream';
import type { Agent } from 'undici';
import { type HeaderReader, headerReader } from '../../models/openai/transport/text-reply.ts';
import { packageFacts } from '../../package-facts.ts';
import { refusedForGood } from '../refused-for-good.ts';
import { waitAsked } from '../wait-asked.ts';
import { fetchFailure, unavailable } from './fetch-failures.ts';
import { guardedConnector, type Resolve } from './guarded-connector.ts';
import { pageUrl } from './page-url.ts';
import { CODINGS, readBody } from './read-body.ts';

export type FetchOptions = Readonly<{
  signal: AbortSignal;
  /** How many bytes, unpacked, may come of a content type (`text/html`). It may throw what refuses the type. */
  mostBytes(type: string): number;
  /** Asked before each address is, the first and that of each redirect. It throws what refuses one. */
  mayVisit?(url: URL): Promise<void> | void;
}>;

export type Fetched = Readonly<{
  /** After all redirects. */
  url: string;
  /** In small letters and without parameters; empty where the server says none. */
  type: string;
  bytes: Buffer;
}>;

export type SafeFetchOptions = Readonly<{
  /** Places (`host:port`) of a private network that may be asked, and on another port than 80 and 443. */
  allowPrivate?: readonly string[] | undefined;
  /** How a name becomes addresses: that of the system. */
  resolve?: Resolve | undefined;
}>;

const MOST_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const SILENCE_MS = 15_000;

/**
 * Reads addresses that nobody vouches for: http and https on the ports 80 and 443, on public addresses alone, without cookies, keys and
 * proxies. It never connects to an address that it has not checked. To be closed.
 */
export class SafeFetch {
  readonly #lets: ReadonlySet<string>;
  readonly #resolve: Resolve | undefined;
  #agent: Promise<Agent> | undefined;

  constructor({ allowPrivate = [], resolve }: SafeFetchOptions = {}) {
    this.#lets = new Set(allowPrivate);
    this.#resolve = resolve;
  }

  /**
   * Rejects with a Failure: of kind `content` for what is refused or is not there, with the reason for the model; `transient` for what may
   * be otherwise in a moment; and with the reason of the signal.
   */
  async get(address: string, options: FetchOptions): Promise<Fetched> {
    let url = pageUrl(address, this.#isLetThrough);
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      await options.mayVisit?.(url);
      const answer = await this.#ask(url, options);
      if (!('location' in answer)) return answer;
      url = pageUrl(URL.parse(answer.location, url.href)?.href ?? answer.location, this.#isLetThrough);
    }
    throw refusedForGood('too_many_redirects', `${url.host} redirects more than ${MOST_REDIRECTS} times.`);
  }

  async close(): Promise<void> {
    const agent = await this.#agent;
    await agent?.destroy();
  }

  readonly #isLetThrough = (place: string) => this.#lets.has(place);

  async #ask(
    url: URL,
    { signal, mostBytes }: FetchOptions,
  ): Promise<Fetched | Readonly<{ location: string }>> {
    this.#agent ??= this.#open();
    const agent = await this.#agent;
    let body: Readable | undefined;
    try {
      const answer = await agent.request({
        method: 'GET',
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        headers: { 'user-agent': userAgent(), accept: ACCEPT, 'accept-encoding': CODINGS },
        signal,
      });
      body = answer.body;
      const headers = headerReader(answer.headers);
      const { statusCode } = answer;
      const location = headers.get('location');
      if (REDIRECTS.has(statusCode) && location) return { location };
      if (statusCode !== 200) throw refusedWith(statusCode, url, headers);
      const type = (headers.get('content-type')?.split(';', 1)[0] ?? '').trim().toLowerCase();
      const bytes = await readBody(body, headers.get('content-encoding') ?? '', mostBytes(type));
      return { url: url.href, type, bytes };
    } catch (error) {
      signal.throwIfAborted();
      throw fetchFailure(error, url.host);
    } finally {
      // What is left of it is not wanted: without this the connection would stay and wait.
      body?.on('error', () => undefined).destroy();
    }
  }

  async #open(): Promise<Agent> {
    // It loads a hundred files, and most runs open no page.
    const { Agent, buildConnector } = await import('undici');
    return new Agent({
      connect: guardedConnector(buildConnector, this.#isLetThrough, this.#resolve),
      headersTimeout: SILENCE_MS,
      bodyTimeout: SILENCE_MS,
      pipelining: 1,
    });
  }
}

const ACCEPT = 'text/html, application/xhtml+xml, application/pdf;q=0.9, text/plain;q=0.8, */*;q=0.1';

/** As robots.txt knows us, too. */
export const ROBOT_NAME = 'millrace';

function userAgent(): string {
  return `${ROBOT_NAME}/${packageFacts().version}`;
}

const MAY_PASS: ReadonlySet<number> = new Set([408, 421, 425, 429]);

function refusedWith(status: number, { host }: URL, headers: HeaderReader) {
  const message = `${host} answered with status ${status}.`;
  if (status < 500 && !MAY_PASS.has(status))
    return refusedForGood(status === 404 || status === 410 ? 'no_such_page' : 'page_refused', message);
  return unavailable('page_unavailable', message, waitAsked(headers));
}
