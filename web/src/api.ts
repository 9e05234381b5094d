import { token, tokenOfOtherTab } from './token.ts';

/** What a request came to, as the server or the network tells it. */
export class ApiError extends Error {
  readonly status: number;
  /** The body of the reply (RFC 9457), with what it tells besides the message. */
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(status: number, message: string, problem: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.status = status;
    this.problem = problem;
  }
}

export type Query = Readonly<Record<string, string | number | undefined>>;

/** A path of the API with its query; what is undefined or empty is left out. */
export function pathOf(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? path : `${path}?${text}`;
}

/** Asks the API. `T` is what its schema says of the reply. Rejects with an ApiError. */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return request<T>(path, { method: 'GET', ...(signal === undefined ? {} : { signal }) });
}

/** Rejects with an ApiError. */
export async function post<T>(path: string, body: unknown = {}): Promise<T> {
  return request<T>(path, sent(body));
}

/** The same where the reply may be empty (204). Rejects with an ApiError. */
export async function postForAny<T>(path: string, body: unknown = {}): Promise<T | undefined> {
  const response = await open(path, sent(body));
  return response.status === 204 ? undefined : response.json();
}

export function sent(body: unknown): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/**
 * The reply itself, for streams and downloads. A tab that is refused asks the others for their token, once. Rejects with an
 * ApiError if it is none of success.
 */
export async function open(path: string, init: RequestInit = {}): Promise<Response> {
  const held = token.get();
  const response = await asked(path, init);
  if (response.ok) return response;
  const other = response.status === 401 ? await tokenOfOtherTab() : undefined;
  if (other === undefined || other === held) throw await refusalOf(response);
  token.set(other);
  const again = await asked(path, init);
  if (again.ok) return again;
  throw await refusalOf(again);
}

function asked(path: string, init: RequestInit): Promise<Response> {
  const held = token.get();
  const headers = new Headers(init.headers);
  if (held !== null) headers.set('authorization', `Bearer ${held}`);
  return fetch(path, { ...init, headers }).catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError(0, 'The server does not answer. Is `millrace serve` running?');
  });
}

async function request<T>(path: string, init: RequestInit): Promise<T> {
  const response = await open(path, init);
  return response.json();
}

async function refusalOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => undefined);
  const problem = typeof body === 'object' && body !== null ? { ...body } : {};
  const detail = 'detail' in problem ? problem.detail : undefined;
  const message = typeof detail === 'string' ? detail : `The server replied ${response.status}.`;
  return new ApiError(response.status, message, problem);
}
