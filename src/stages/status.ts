import { DEAD_LETTERED } from '../streams/settle-result.ts';
import type { WorkKey } from '../streams/work.ts';
import type { StageName } from './stage-names.ts';

/** Where a question stands. `pending` until stage 1 has stored it; the last four are ends. */
export const STATUSES = [
  'pending',
  'questions_added',
  'researched',
  'generated',
  'reviewed',
  'approved',
  'rejected',
  'held',
  DEAD_LETTERED,
] as const;
export type Status = (typeof STATUSES)[number];

const ENDS: ReadonlySet<string> = new Set<Status>(['approved', 'rejected', 'held', DEAD_LETTERED]);

/** Whether nothing more happens to the question by itself. */
export function isEnd(status: string): boolean {
  return ENDS.has(status);
}

/** Where a question stands while it waits for a stage. */
export const STATUS_BEFORE: Readonly<Record<StageName, Status>> = {
  questions: 'pending',
  research: 'questions_added',
  generation: 'researched',
  review: 'generated',
  storage: 'reviewed',
};

const RANKS: Readonly<Record<Status, number>> = {
  pending: 0,
  questions_added: 1,
  researched: 2,
  generated: 3,
  reviewed: 4,
  approved: 8,
  rejected: 8,
  held: 8,
  dead_lettered: 9,
};

const REVISION_WEIGHT = 10;
const DRIVE_WEIGHT = 100_000;

/** Later is higher. A status never moves to a lower or equal rank; a redrive outranks everything before it. */
export function rankOf(status: string, { drive, revision }: Pick<WorkKey, 'drive' | 'revision'>): number {
  const rank = STATUSES.find((known) => known === status);
  return drive * DRIVE_WEIGHT + revision * REVISION_WEIGHT + (rank === undefined ? 0 : RANKS[rank]);
}

/** The drive that a rank was made of. */
export function driveOfRank(rank: number): number {
  return Math.floor(rank / DRIVE_WEIGHT);
}

/** The revision that a rank was made of. */
export function revisionOfRank(rank: number): number {
  return Math.floor((rank % DRIVE_WEIGHT) / REVISION_WEIGHT);
}
