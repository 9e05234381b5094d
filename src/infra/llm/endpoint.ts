import { Failure } from '../../streams/failure.ts';

/** One server that speaks the chat completions API, and how to be let in. */
export type LlmEndpoint = Readonly<{
  /** Such as `https://api.openai.com/v1`. */
  baseUrl: string;
  /** `undefined` or empty for a server that asks for none. */
  apiKey: string | undefined;
  /** The environment variable that holds the key: named in messages, so that a person knows what to change. */
  apiKeyVariable: string;
  /** How long one HTTP request may take; 300,000 unless told. */
  timeoutMs?: number | undefined;
}>;

const PRINTABLE = /^[\x21-\x7e]*$/;

/** The base URL for people: without credentials, query or trailing slash. */
export function addressOf(endpoint: LlmEndpoint): string {
  const { origin, pathname } = new URL(endpoint.baseUrl);
  return `${origin}${pathname}`.replace(/\/+$/, '');
}

/**
 * The endpoint, if it can work at all. Throws a `fatal` Failure (`bad_setting`) for a base URL that is none, and for a
 * key that no HTTP header can carry; the message names the variable, never the key.
 */
export function checkedEndpoint(endpoint: LlmEndpoint): LlmEndpoint {
  const url = URL.parse(endpoint.baseUrl);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new Failure(
      'fatal',
      'bad_setting',
      `Bad base URL: expected one like https://api.openai.com/v1, got ${JSON.stringify(endpoint.baseUrl)}.`,
    );
  }
  const apiKey = endpoint.apiKey?.trim() ?? '';
  if (!PRINTABLE.test(apiKey)) {
    throw new Failure(
      'fatal',
      'bad_setting',
      `The key in ${endpoint.apiKeyVariable} has white space or unprintable characters inside. Set ${endpoint.apiKeyVariable} to a valid key.`,
    );
  }
  return { ...endpoint, apiKey: apiKey === '' ? undefined : apiKey };
}
