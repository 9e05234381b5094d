import { DEAD_LETTERED, STATUSES, type Status } from '../streams/delivery/question-status.ts';
import { Failure } from '../streams/failure.ts';
import type { WorkKey } from '../streams/work/work.ts';
import type { StageName } from './stage-names.ts';

export { STATUSES, type Status };

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

/**
 * Later is higher. A status never moves to a lower or equal rank; a redrive outranks everything before it. Throws a
 * Failure of kind `fatal` (`unknown_status`) for what no type kept out: such a move would be dropped in silence.
 */
export function rankOf(status: Status, { drive, revision }: Pick<WorkKey, 'drive' | 'revision'>): number {
  if (!Object.hasOwn(RANKS, status)) throw unknownStatus(status);
  return drive * DRIVE_WEIGHT + revision * REVISION_WEIGHT + RANKS[status];
}

function unknownStatus(status: unknown): Failure {
  const known = STATUSES.join(', ');
  const message = `No question can stand at ${JSON.stringify(status)}: a stage may name one of ${known}.`;
  return new Failure('fatal', 'unknown_status', message);
}

/** The drive that a rank was made of. */
export function driveOfRank(rank: number): number {
  return Math.floor(rank / DRIVE_WEIGHT);
}

/** The revision that a rank was made of. */
export function revisionOfRank(rank: number): number {
  return Math.floor((rank % DRIVE_WEIGHT) / REVISION_WEIGHT);
}
