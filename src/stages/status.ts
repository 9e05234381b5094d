import { DEAD_LETTERED, ENDS, type Status } from '../streams/delivery/question-status.ts';
import { Failure } from '../streams/failure.ts';
import type { WorkKey } from '../streams/work/work.ts';
import { stagesInOrder } from './added/in-order.ts';
import type { LaneStage } from './lanes/recipe.ts';
import { ROWS } from './rows.ts';
import { type StageName, stageRows } from './table.ts';

export type { Status };

const ENDED: ReadonlySet<string> = new Set(ENDS);
const OURS: ReadonlySet<string> = new Set(['pending', ...ROWS.map(({ status }) => status)]);

/** Every status that a question can have in this process, in the order in which it comes to them. */
export function statuses(): readonly Status[] {
  return [...openStatuses(), ...ENDS];
}

/** Those of a question that is on its way: `pending`, then that of each stage in the order of the rows. */
function openStatuses(): readonly Status[] {
  const rows = stageRows();
  if (rows !== known.rows)
    known = { rows, open: ['pending', ...rows.flatMap(({ status }) => (status === 'end' ? [] : [status]))] };
  return known.open;
}

/** Asked for each record, and changed by plugins alone. */
let known: Readonly<{ rows: unknown; open: readonly Status[] }> = { rows: undefined, open: [] };

/** Whether nothing more happens to the question by itself. */
export function isEnd(status: string): boolean {
  return ENDED.has(status);
}

/** How many questions stand anywhere. */
export function allCount(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** How many of them have not reached an end. */
export function openCount(counts: Readonly<Record<string, number>>): number {
  return Object.entries(counts).reduce((sum, [status, count]) => sum + (isEnd(status) ? 0 : count), 0);
}

/**
 * Where a question of a lane stands while it waits for a stage.
 * @param added the stages that the lane has beside ours.
 */
export function statusBefore(stage: StageName, added: readonly LaneStage[] = []): Status {
  const rows = stagesInOrder(ROWS, added);
  const before = rows[rows.findIndex(({ name }) => name === stage) - 1];
  return before === undefined || before.status === 'end' ? 'pending' : (before.status as Status);
}

/** The statuses of a question that a stage is done with and that did not die. */
export function statusesPast(stage: StageName): readonly Status[] {
  const place = stageRows().findIndex(({ name }) => name === stage);
  return [...openStatuses().slice(place + 1), ...ENDS.filter((end) => end !== DEAD_LETTERED)];
}

const END_RANK = 8;
const DEAD_RANK = 9;
const REVISION_WEIGHT = 10;
const DRIVE_WEIGHT = 100_000;

/**
 * Later is higher. A status never moves to a lower rank, and to an equal one only as `standAgainst` says; a redrive outranks everything before it. Throws a
 * Failure of kind `fatal` (`unknown_status`) for what no type kept out: such a move would be dropped in silence.
 */
export function rankOf(status: Status, { drive, revision }: Pick<WorkKey, 'drive' | 'revision'>): number {
  return drive * DRIVE_WEIGHT + revision * REVISION_WEIGHT + placeOf(status);
}

/**
 * Within one revision: the place of the stage of ours whose status it is, and the ends behind them all. Ranks are stored, so those of ours
 * never change: a stage that was added ranks as the one of ours before it, and `standAgainst` tells the two apart.
 */
function placeOf(status: Status): number {
  if (status === DEAD_LETTERED) return DEAD_RANK;
  if (isEnd(status)) return END_RANK;
  const open = openStatuses();
  const place = open.indexOf(status);
  if (place < 0) throw unknownStatus(status);
  return open.slice(0, place + 1).filter((each) => OURS.has(each)).length - 1;
}

/**
 * Where a question may not stand that is to move to a status of the rank that it has already: there, and behind a later stage of that rank.
 * A status that is not known here is that of a stage before it. `undefined` for a status of ours, to which it never moves so.
 */
export function standAgainst(status: Status): readonly Status[] | undefined {
  if (OURS.has(status) || isEnd(status)) return undefined;
  const open = openStatuses();
  const rank = placeOf(status);
  return open.slice(open.indexOf(status)).filter((each) => placeOf(each) === rank);
}

/** Whether a question that stands so, at a rank, moves on to the status at its rank. */
export function isFurther(
  to: Readonly<{ status: Status; rank: number }>,
  current: Readonly<{ status: string; rank: number }>,
): boolean {
  if (to.rank !== current.rank) return to.rank > current.rank;
  return standAgainst(to.status)?.some((each) => each === current.status) === false;
}

function unknownStatus(status: unknown): Failure {
  const known = statuses().join(', ');
  const message = `No question can stand at ${JSON.stringify(status)}: a stage may name one of ${known}.`;
  return new Failure('fatal', 'unknown_status', message);
}

export function driveOfRank(rank: number): number {
  return Math.floor(rank / DRIVE_WEIGHT);
}

export function revisionOfRank(rank: number): number {
  return Math.floor((rank % DRIVE_WEIGHT) / REVISION_WEIGHT);
}
