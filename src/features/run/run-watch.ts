import { auditTime, exhaustMap, filter, first, firstValueFrom, interval, map, merge, startWith } from 'rxjs';
import { groupOf, topicsOf } from '../../stages/stage-names.ts';
import type { AlarmSink } from '../../streams/alarms.ts';
import type { Failure } from '../../streams/failure.ts';
import type { Offset } from '../../streams/log/log.ts';
import { Patience } from '../../streams/work/persist.ts';
import { unlessOutage } from '../../streams/work/unless-outage.ts';
import { lostRecordsWatch } from './lost-records-watch.ts';
import type { Session } from './session/session.ts';

const CHECK_MS = 20;
/** Commits, and ends that another process brings, come without an event of ours: looked for this often. */
const LOOK_MS = 100;

/**
 * Resolves when stage 1 knows every question up to `ends`, and `isDone` says that nothing is left. Rejects with a Failure
 * (`records_lost`) where stage 1 can never know them, since their topic does not hold them any more; or that of an outage that
 * lasts longer than it may.
 */
export async function untilEnded(
  session: Session,
  isDone: () => Promise<boolean>,
  ends: ReadonlyMap<number, Offset>,
): Promise<void> {
  const { engine, namespace } = session;
  const unlessGone = lostRecordsWatch(engine.admin, topicsOf(namespace).questions, ends);
  const patience = new Patience();
  const shown = (failure: Failure | undefined) => showOutage(session.alarms, failure);
  const outcomes = session.events.pipe(filter(({ kind }) => kind === 'outcome'));
  const ended = merge(outcomes, interval(LOOK_MS)).pipe(
    startWith(undefined),
    auditTime(CHECK_MS),
    exhaustMap(() => unlessOutage(hasEnded(session, isDone, ends, unlessGone), false, patience, shown)),
    first(Boolean),
    map(() => undefined),
  );
  await Promise.race([firstValueFrom(ended, { defaultValue: undefined }), session.broken]);
}

/** Nothing else need go wrong by then: all answers may have been written. */
function showOutage(alarms: AlarmSink, failure: Failure | undefined): void {
  if (failure === undefined) alarms.clear('write_waits', 'run');
  else alarms.raise('write_waits', 'run', `${failure.message} The run goes on to its end once that works.`);
}

async function hasEnded(
  session: Session,
  isDone: () => Promise<boolean>,
  ends: ReadonlyMap<number, Offset>,
  unlessGone: () => Promise<void>,
): Promise<boolean> {
  if (!(await isDone())) return false;
  if (await stageOneKnows(session, ends)) return true;
  await unlessGone();
  return false;
}

/** Whether stage 1 has stored every question up to `ends`. */
export async function stageOneKnows(
  { engine, namespace }: Session,
  ends: ReadonlyMap<number, Offset>,
): Promise<boolean> {
  const group = groupOf(namespace, 'questions');
  const committed = await engine.log.committedOffsets(group, topicsOf(namespace).questions);
  return [...ends].every(([partition, end]) => end === 0n || (committed.get(partition) ?? 0n) >= end);
}
