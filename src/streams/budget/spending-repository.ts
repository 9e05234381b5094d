import type { Amount } from './amount.ts';

/** What has been taken of a day: `spent` on calls that have ended, `held` for those in flight as well. */
export type DaySpending = Readonly<{ spent: Amount; held: Amount }>;

/** What one process has taken of a day. */
export type HeldShare = DaySpending &
  Readonly<{
    /** `2026-01-31`, in UTC. */
    day: string;
    /** Names the process, anew at each start. */
    holder: string;
    /** Counts up with each write of the holder: a write that comes late changes nothing. */
    version: number;
  }>;

/**
 * What all processes of a store have taken of each day. A share is set and never added to, so a repeated write counts
 * once. The share of a process that was killed stands until the day is over: its calls in flight may have been billed.
 * Writes resolve once durable and are seen by every `total` that starts later; rejections are Failures of kind `outage`
 * (the caller waits and repeats) or `fatal`.
 */
export interface SpendingRepository {
  put(share: HeldShare): Promise<void>;
  /** The sum of all shares of the day. */
  total(day: string): Promise<DaySpending>;
}
