import { exhaustMap, first, firstValueFrom, interval, startWith, takeUntil } from 'rxjs';
import { isOurs } from '../../stages/rows.ts';
import { groupOf, type StageName, topicOf } from '../../stages/stage-names.ts';
import { openCount } from '../../stages/status.ts';
import type { ReplayPlan } from '../../stages/store/replay-plan.ts';
import { rowNamed, rowsAfter } from '../../stages/table.ts';
import { isCommitted } from '../../streams/log/is-committed.ts';
import { whenAborted } from '../../streams/stop.ts';
import type { Session } from '../run/session/session.ts';

const LOOK_MS = 200;

/** Who reads what a stage publishes, in whatever lane: not every lane has the stages that plugins brought. */
function readersOf(stage: StageName): readonly StageName[] {
  const after = rowsAfter(stage).map(({ name }) => name);
  const next = after.slice(0, after.findIndex(isOurs) + 1);
  return [rowNamed(stage)?.sendsBackTo, ...next].filter((name) => name !== undefined);
}

/**
 * Resolves when nothing of the replay is on its way any more: every question of the lane it opened has ended, or the
 * stages behind have read what was published again. Live traffic may go on for ever meanwhile. A drain ends the wait.
 */
export async function untilQuiet(session: Session, { name, wish: request }: ReplayPlan): Promise<void> {
  const { engine, stop } = session;
  const isQuiet =
    request.mode === 'reprocess'
      ? async () => openCount(await engine.store.reports.counts(name)) === 0
      : await readingOn(session, request.stage);
  const looks = interval(LOOK_MS).pipe(
    startWith(undefined),
    exhaustMap(isQuiet),
    first(Boolean),
    takeUntil(whenAborted(stop.signals.draining)),
  );
  await firstValueFrom(looks, { defaultValue: true });
}

async function readingOn({ engine, namespace }: Session, stage: StageName): Promise<() => Promise<boolean>> {
  const readings = await Promise.all(
    readersOf(stage).map(async (reader) => {
      const topic = topicOf(namespace, reader);
      return { topic, group: groupOf(namespace, reader), until: await engine.log.endOffsets(topic) };
    }),
  );
  return async () => {
    const read = await Promise.all(readings.map((reading) => isCommitted(engine.log, reading)));
    return read.every(Boolean);
  };
}
