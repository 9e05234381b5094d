/** What a request came to, as the server or the network tells it. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const TOKEN = 'millrace-token';

/** Kept for this tab only. */
export const token = {
  get: (): string | null => sessionStorage.getItem(TOKEN),
  set: (value: string): void => sessionStorage.setItem(TOKEN, value),
};

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
  const headers = { 'content-type': 'application/json' };
  return request<T>(path, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** The reply itself, for streams and downloads. Rejects with an ApiError if it is none of success. */
export async function open(path: string, init: RequestInit = {}): Promise<Response> {
  const held = token.get();
  const headers = new Headers(init.headers);
  if (held !== null) headers.set('authorization', `Bearer ${held}`);
  const response = await fetch(path, { ...init, headers }).catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError(0, 'The server does not answer. Is `millrace serve` running?');
  });
  if (response.ok) return response;
  throw new ApiError(response.status, await problemOf(response));
}

async function request<T>(path: string, init: RequestInit): Promise<T> {
  const response = await open(path, init);
  return response.json();
}

async function problemOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => undefined);
  const detail = typeof body === 'object' && body !== null && 'detail' in body ? body.detail : undefined;
  return typeof detail === 'string' ? detail : `The server replied ${response.status}.`;
}
