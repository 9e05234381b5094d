import { scryptSync } from 'node:crypto';
import { errorText, Failure } from '../../../streams/failure.ts';
import { percentDecoded, secretTextsOfUrl } from '../../secret-patterns.ts';
import { shownRefusedUrl, shownUrl } from './shown-url.ts';

/** One server that speaks the chat completions API, and how to be let in. */
export type LlmEndpoint = Readonly<{
  /** Such as `https://api.openai.com/v1`. */
  baseUrl: string;
  /** `undefined` or empty for a server that asks for none. */
  apiKey: string | undefined;
  /** The environment variable that holds the key: named in messages, so that a person knows what to change. */
  apiKeyVariable: string;
  /** Brings the key for a call, in place of `apiKey`: keys that change. */
  bringKey?: (() => string | Promise<string>) | undefined;
  /** How long one HTTP request may take; 300,000 unless told. */
  timeoutMs?: number | undefined;
}>;

const DEFAULT_TIMEOUT_MS = 300_000;
// Node's timers turn anything longer into 1 ms.
const MAX_TIMEOUT_MS = 2_147_483_647;
const PRINTABLE = /^[\x21-\x7e]*$/;

/** How long one request to it may take, in milliseconds. */
export function timeoutOf({ timeoutMs = DEFAULT_TIMEOUT_MS }: LlmEndpoint): number {
  return Math.min(timeoutMs, MAX_TIMEOUT_MS);
}

/** The base URL for people: without log-in, query, keys or trailing slash. */
export function addressOf({ baseUrl }: LlmEndpoint): string {
  return shownUrl(baseUrl) ?? '(no URL)';
}

const MARK_BYTES = 3;
const marks = new Map<string, string>();

/**
 * Names what the base URL lets us in by, its log-in and its query, and tells nothing of them: a slow hash, so that nobody
 * guesses a password by it.
 */
export function admissionMarkOf({ baseUrl }: LlmEndpoint): string {
  const mark =
    marks.get(baseUrl) ??
    scryptSync(admissionOf(baseUrl), shownUrl(baseUrl) ?? '', MARK_BYTES).toString('hex');
  marks.set(baseUrl, mark);
  return mark;
}

/** Whether two endpoints let us in by the same log-in and query. */
export function isSameAdmission(one: LlmEndpoint, other: LlmEndpoint): boolean {
  return admissionOf(one.baseUrl) === admissionOf(other.baseUrl);
}

function admissionOf(baseUrl: string): string {
  const url = URL.parse(baseUrl);
  return url === null ? '' : `${url.username}:${url.password}${url.search}`;
}

/** Every secret of an endpoint: the key, and what the base URL holds. */
export function secretsOfEndpoint({ baseUrl, apiKey = '' }: LlmEndpoint): readonly string[] {
  return [apiKey.trim(), ...secretTextsOfUrl(baseUrl)];
}

/**
 * The endpoint, if it can work at all. Throws a `fatal` Failure (`bad_setting`) for a base URL that is none, and for a
 * key that no HTTP header can carry; the message names the variable, never the key.
 */
export function checkedEndpoint(endpoint: LlmEndpoint): LlmEndpoint {
  const url = URL.parse(endpoint.baseUrl);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    const message = `Bad base URL: expected one like https://api.openai.com/v1, got ${shownRefusedUrl(endpoint.baseUrl) ?? 'a text that is no URL with a host'}.`;
    throw new Failure('fatal', 'bad_setting', message);
  }
  const apiKey = endpoint.apiKey?.trim() ?? '';
  if (!PRINTABLE.test(apiKey)) {
    const message = `The key in ${endpoint.apiKeyVariable} has white space or unprintable characters inside. Set ${endpoint.apiKeyVariable} to a valid key.`;
    throw new Failure('fatal', 'bad_setting', message);
  }
  return { ...endpoint, apiKey: apiKey === '' ? undefined : apiKey };
}

/**
 * The endpoint with the key of a call. Rejects with a Failure: `transient` (`no_key_brought`) where the function that brings it
 * fails, `fatal` (`bad_setting`) for a key that no header can carry.
 */
export async function withKey(endpoint: LlmEndpoint): Promise<LlmEndpoint> {
  const { bringKey, ...rest } = endpoint;
  if (bringKey === undefined) return endpoint;
  try {
    return checkedEndpoint({ ...rest, apiKey: await bringKey() });
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const message = `The function apiKey of the settings brought no key: ${errorText(cause)}`;
    throw new Failure('transient', 'no_key_brought', message, { cause, outageSignal: true });
  }
}

/** What a person should know of an endpoint before it is asked; `undefined` where there is nothing. */
export function endpointNoticeOf(endpoint: LlmEndpoint): string | undefined {
  const url = URL.parse(endpoint.baseUrl);
  const hasLogIn = url !== null && url.username + url.password !== '';
  if (!hasLogIn || (endpoint.apiKey ?? '').trim() === '') return undefined;
  return `The log-in in the base URL ${addressOf(endpoint)} is not sent: only one can be, and ${endpoint.apiKeyVariable} holds a key. To send the log-in, leave the key out.`;
}

/** Where a path of the endpoint is, and the header that lets us in: the key, or the log-in of the base URL (RFC 7617). */
export function requestTo(
  endpoint: LlmEndpoint,
  path: string,
): Readonly<{ url: URL; headers: Readonly<Record<string, string>> }> {
  const url = new URL(endpoint.baseUrl);
  const logIn = [url.username, url.password].map(percentDecoded).join(':');
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`;
  url.username = '';
  url.password = '';
  if (endpoint.apiKey !== undefined) return { url, headers: { authorization: `Bearer ${endpoint.apiKey}` } };
  if (logIn === ':') return { url, headers: {} };
  return { url, headers: { authorization: `Basic ${Buffer.from(logIn).toString('base64')}` } };
}
