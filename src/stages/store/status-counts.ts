import { statuses } from '../status.ts';
import type { StatusCounts } from './store.ts';

/** Counts by status: 0 where nothing was found. */
export function statusCounts(found: Iterable<readonly [status: string, count: number]> = []): StatusCounts {
  const none = statuses().map((status) => [status, 0] as const);
  return Object.fromEntries([...none, ...found]) as StatusCounts;
}
