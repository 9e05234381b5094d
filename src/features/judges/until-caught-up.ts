import { exhaustMap, interval, lastValueFrom, scan, startWith, takeWhile, tap } from 'rxjs';
import { shadowGroupOf } from '../../stages/judges/shadow-name.ts';
import { smaller } from '../../stages/lanes/offsets.ts';
import { groupOf, topicsOf } from '../../stages/stage-names.ts';
import type { Log, Offset } from '../../streams/log/log.ts';
import { retryWithin } from '../../streams/work/retry-within.ts';
import type { RunningShadow } from './start-shadow.ts';

const LOOK_MS = 100;
/** A log that is away for longer is not waited for. */
export const PATIENCE_MS = 10_000;
/** A wait that a person notices is told. */
const TOLD_AFTER_LOOKS = 10;
/** A live judge that settles nothing for so many looks has no more to give: what holds it up is not waited for. */
const LEVEL_LOOKS = 15;
/** Nor is another process, which has the records in hand and settles none of them. */
const STILL_LOOKS = 150;

type Followed = Readonly<{
  engine: Readonly<{ log: Pick<Log, 'committedOffsets'> }>;
  namespace: string;
  onNotice(text: string): void;
}>;
type Waited = Pick<RunningShadow, 'name' | 'heldUpBy'> &
  Readonly<{ stage: Pick<RunningShadow['stage'], 'unsettled'> }>;
type Offsets = ReadonlyMap<number, Offset>;

/** Records before the end that the live judge has settled and the shadow not, and those that neither has. */
type Look = Readonly<{ behind: number; open: number; heldUpBy: string | undefined }>;
type Wait = Look & Readonly<{ looks: number; level: number; still: number }>;

const BEGIN: Wait = { behind: 0, open: 0, heldUpBy: undefined, looks: -1, level: 0, still: 0 };

/**
 * Resolves when the shadow has judged everything before `ends` that the live judge has settled. One that is held up is not
 * waited for. What is left is told: it is judged when the shadow is started again. Rejects with a Failure of kind `outage`
 * when the log is away for long.
 */
export async function untilCaughtUp(session: Followed, shadow: Waited, ends: Offsets): Promise<void> {
  const { name, stage } = shadow;
  const look = async (): Promise<Look> => {
    const heldUpBy = shadow.heldUpBy();
    if (heldUpBy !== undefined) return { behind: 0, open: 0, heldUpBy };
    return { ...(await retryWithin(() => lookAt(session, name, ends), PATIENCE_MS)), heldUpBy };
  };
  const tell = once((wait: Wait) =>
    session.onNotice(`Waiting for the shadow judge ${name}: ${wait.behind} records to go.`),
  );
  const waits = interval(LOOK_MS).pipe(
    startWith(-1),
    exhaustMap(look),
    scan((before: Wait, seen: Look) => next(before, seen, stage.unsettled()), BEGIN),
    takeWhile((wait) => overBy(wait) === undefined, true),
    tap((wait) => {
      if (wait.behind > 0 && wait.looks >= TOLD_AFTER_LOOKS) tell(wait);
    }),
  );
  const last = await lastValueFrom(waits);
  const reason = overBy(last) ?? '';
  if (reason !== '') session.onNotice(leftText(name, reason, last.open));
}

function once<T>(act: (value: T) => void): (value: T) => void {
  let done = false;
  return (value) => {
    if (!done) act(value);
    done = true;
  };
}

function next(before: Wait, seen: Look, inHand: number): Wait {
  const isStill = seen.behind > 0 && seen.behind === before.behind && inHand === 0;
  return {
    ...seen,
    looks: before.looks + 1,
    level: seen.behind === 0 && seen.open === before.open ? before.level + 1 : 0,
    still: isStill ? before.still + 1 : 0,
  };
}

/** Why the wait is over; empty where everything is judged. */
function overBy({ heldUpBy, behind, open, level, still }: Wait): string | undefined {
  if (heldUpBy !== undefined) return heldUpBy === 'stopped' ? '' : heldUpBy;
  if (behind === 0 && open === 0) return '';
  if (level >= LEVEL_LOOKS) return 'the live judge has not settled all records';
  return still >= STILL_LOOKS ? 'another process has its records in hand' : undefined;
}

async function lookAt({ engine, namespace }: Followed, name: string, ends: Offsets) {
  const { review } = topicsOf(namespace);
  const own = await engine.log.committedOffsets(shadowGroupOf(namespace, name), review);
  const live = await engine.log.committedOffsets(groupOf(namespace, 'review'), review);
  const sum = (until: (partition: number, end: Offset) => Offset) =>
    [...ends].reduce((total, [partition, end]) => {
      const left = until(partition, end) - (own.get(partition) ?? 0n);
      return total + (left > 0n ? Number(left) : 0);
    }, 0);
  const settled = (partition: number, end: Offset) => smaller(live.get(partition) ?? 0n, end);
  const behind = sum(settled);
  return { behind, open: sum((_, end) => end) - behind };
}

function leftText(name: string, reason: string, open: number): string {
  const left = open > 0 ? ` (${open})` : '';
  return `Not waiting for the shadow judge ${name}: ${reason}${left}. It goes on when it is started again.`;
}
