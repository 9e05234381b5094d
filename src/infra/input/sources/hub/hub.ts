import { setTimeout as pause } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { errorText, Failure } from '../../../../streams/failure.ts';
import { environmentVariable, withoutProxy } from '../../../config/environment-variable.ts';
import type { InputSource } from '../../readers/input-reader.ts';
import { type HubAddress, type HubFile, hubFileText } from './hub-address.ts';
import { filesOf, type Revision, revisionSchema } from './hub-files.ts';

const ENDPOINT = 'https://huggingface.co';
const MOST_REDIRECTS = 5;
const ATTEMPTS = 4;
const MOST_BYTES = 5 * 1_024 * 1_024 * 1_024;
const MOST_LIST_BYTES = 64 * 1_024 * 1_024;
const TIMEOUT_MS = 60_000;
const PAUSE_MS = 200;
const KEEP_ALIVE_MS = 1_000;

type Answer = Readonly<{
  status: number;
  headers: Dispatcher.ResponseData['headers'];
  body: Uint8Array<ArrayBuffer>;
}>;

/**
 * The files that an address means, at the commit that its revision is now. Throws fatal Failures: `hub_unreachable`, `hub_gated`,
 * `input_missing`.
 */
export async function hubFiles(
  address: HubAddress,
  isKnown: (name: string) => boolean,
): Promise<readonly string[]> {
  const { repository, revision = 'main' } = address;
  const found = await revisionOf(repository, revision);
  const { sha: commit } = found;
  return filesOf(found, address, isKnown).map((name) => hubFileText({ repository, commit, path: name }));
}

/** The licence that the card of a data set names at a commit; `unknown` where it names none. Throws as `hubFiles` does. */
export async function hubLicence(repository: string, commit: string): Promise<string> {
  const { license = [] } = (await revisionOf(repository, commit)).cardData ?? {};
  return [license].flat().join(', ') || 'unknown';
}

async function revisionOf(repository: string, revision: string): Promise<Revision> {
  const path = `/api/datasets/${repository}/revision/${encodeURIComponent(revision)}`;
  const { body } = await get(path, repository, undefined, MOST_LIST_BYTES);
  const parsed = revisionSchema.safeParse(JSON.parse(Buffer.from(body).toString()));
  if (!parsed.success) throw unreachable(new TypeError('the list of files is of another form'));
  return parsed.data;
}

/** A file on the Hub, read by ranges. Throws as `hubFiles` does, and `input_large` beyond 5 GiB. */
export async function openHubFile(file: HubFile): Promise<InputSource> {
  const { repository, commit } = file;
  const path = `/datasets/${repository}/resolve/${commit}/${file.path.split('/').map(encodeURIComponent).join('/')}`;
  const name = hubFileText(file);
  const { headers } = await get(path, repository, [0, 1], 16);
  const byteLength = Number(/\/(\d+)$/.exec(String(headers['content-range'] ?? ''))?.[1] ?? Number.NaN);
  if (!Number.isSafeInteger(byteLength)) throw unreachable(new TypeError('it gives no ranges of files'));
  if (byteLength > MOST_BYTES) {
    const message = `${name}: expected at most 5 GiB; download it, and name the file`;
    throw new Failure('fatal', 'input_large', message);
  }
  return {
    name,
    byteLength,
    slice: async (start, end) => {
      const last = Math.min(end, byteLength);
      if (last <= start) return new Uint8Array(0);
      return (await get(path, repository, [start, last], last - start)).body;
    },
  };
}

type Range = readonly [start: number, end: number];

/** Follows redirects, and asks again what was cut. */
async function get(
  path: string,
  repository: string,
  range: Range | undefined,
  most: number,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return assertGood(await follow(path, range, most), repository, range);
    } catch (error) {
      if (error instanceof Failure) throw error;
      if (attempt === ATTEMPTS) throw unreachable(error);
      await pause(PAUSE_MS * attempt);
    }
  }
}

async function follow(path: string, range: Range | undefined, most: number): Promise<Answer> {
  const endpoint = endpointUrl();
  let url = new URL(path, endpoint);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const answer = await ask(url, url.origin === endpoint.origin, range, most);
    const location = answer.headers['location'];
    if (answer.status < 300 || answer.status >= 400 || typeof location !== 'string') return answer;
    url = new URL(location, url);
    if (url.protocol !== 'https:' && url.protocol !== endpoint.protocol)
      throw unreachable(new TypeError(`it leads to ${url.protocol}`));
  }
  throw unreachable(new TypeError('it leads in circles'));
}

/** @param trusted the token goes to the endpoint alone, and over no redirect to another server. */
async function ask(url: URL, trusted: boolean, range: Range | undefined, most: number): Promise<Answer> {
  // Most starts ask no Hub.
  const { request } = await import('undici');
  const token = trusted ? environmentVariable('HF_TOKEN') : undefined;
  const { statusCode, headers, body } = await request(url, {
    dispatcher: await dispatcherOf(),
    headers: {
      'user-agent': 'millrace',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(range === undefined ? {} : { range: `bytes=${range[0]}-${range[1] - 1}` }),
    },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body) {
    const bytes: Uint8Array = part;
    length += bytes.length;
    if (statusCode < 300 && length > most)
      throw unreachable(new RangeError('it sends more than was asked for'));
    if (statusCode < 300) parts.push(bytes);
  }
  return { status: statusCode, headers, body: Uint8Array.from(Buffer.concat(parts)) };
}

let dispatcher: Promise<Dispatcher> | undefined;

/** Through the proxies of the environment, but for servers of this machine, which no proxy reaches. */
function dispatcherOf(): Promise<Dispatcher> {
  const noProxy = withoutProxy();
  dispatcher ??= import('undici').then(
    ({ EnvHttpProxyAgent }) => new EnvHttpProxyAgent({ noProxy, keepAliveTimeout: KEEP_ALIVE_MS }),
  );
  return dispatcher;
}

function assertGood(answer: Answer, repository: string, range: Range | undefined): Answer {
  const { status } = answer;
  if (status === (range === undefined ? 200 : 206)) return answer;
  if (status === 401 || status === 403) {
    const message = `${repository} is private, or asks you to accept its terms: accept them on its page, then set HF_TOKEN`;
    throw new Failure('fatal', 'hub_gated', message);
  }
  if (status === 404) {
    const message = `${repository}: the Hub has no such data set, revision or file`;
    throw new Failure('fatal', 'input_missing', message);
  }
  throw new TypeError(`it answered with ${status}`);
}

function endpointUrl(): URL {
  const text = environmentVariable('HF_ENDPOINT') ?? ENDPOINT;
  if (URL.canParse(text) && /^https?:/.test(text)) return new URL(text);
  throw new Failure('fatal', 'bad_hub_address', `HF_ENDPOINT: expected a URL like ${ENDPOINT}`);
}

function unreachable(cause: unknown): Failure {
  const message = `The Hub cannot be reached (HF_ENDPOINT=${shownEndpoint()}): ${errorText(cause)}. Download the files, and name them.`;
  return new Failure('fatal', 'hub_unreachable', message, { cause });
}

/** Without a log-in, which a URL may hold. */
function shownEndpoint(): string {
  const text = environmentVariable('HF_ENDPOINT') ?? ENDPOINT;
  return URL.canParse(text) ? new URL(text).origin : ENDPOINT;
}
