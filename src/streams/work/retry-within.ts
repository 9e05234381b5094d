import type { Failure } from '../failure.ts';
import { isStopping } from '../stop.ts';
import { persistThrough } from './persist.ts';

/** Repeats a write through an outage that ends within `patienceMs`; else rejects with what the last try brought. */
export async function retryWithin<T>(write: () => Promise<T>, patienceMs: number): Promise<T> {
  const patience = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let last: Failure | undefined;
  const persist = persistThrough({ draining: patience.signal, aborted: patience.signal }, (failure) => {
    last = failure;
    timer ??= setTimeout(() => patience.abort(), patienceMs);
  });
  try {
    return await persist(write);
  } catch (error) {
    throw isStopping(error) ? (last ?? error) : error;
  } finally {
    clearTimeout(timer);
  }
}
