import { decoded } from '../../documents/text/decode.ts';
import type { SafeFetch } from '../fetch/safe-fetch.ts';

export type OwnFetch = (
  url: string,
  signal?: AbortSignal,
) => Promise<Readonly<{ url: string; type: string; text: string }>>;

const MOST_BYTES = 5 * 1_024 * 1_024;
const MOST_MS = 60_000;

/** The safe way to an address, for tools of one's own. */
export function ownFetch(fetch: SafeFetch): OwnFetch {
  return async (address, signal = AbortSignal.timeout(MOST_MS)) => {
    const { url, type, bytes } = await fetch.get(address, { signal, mostBytes: () => MOST_BYTES });
    return { url, type, text: decoded(bytes) };
  };
}
