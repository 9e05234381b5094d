import {
  auditTime,
  exhaustMap,
  filter,
  first,
  firstValueFrom,
  interval,
  merge,
  startWith,
  takeUntil,
} from 'rxjs';
import { type CommittedUntil, isCommitted } from '../../streams/log/is-committed.ts';
import { whenAborted } from '../../streams/stop.ts';
import type { Session } from '../run/session/session.ts';

const CHECK_MS = 20;
const LOOK_MS = 100;

/** Resolves when the group has committed everything before the given offsets, or the session drains. */
export async function untilRead({ engine, events, stop }: Session, reading: CommittedUntil): Promise<void> {
  const looks = merge(interval(LOOK_MS), events.pipe(filter(({ kind }) => kind === 'outcome')));
  const read = looks.pipe(
    startWith(undefined),
    auditTime(CHECK_MS),
    exhaustMap(() => isCommitted(engine.log, reading)),
    first(Boolean),
    takeUntil(whenAborted(stop.signals.draining)),
  );
  await firstValueFrom(read, { defaultValue: true });
}
