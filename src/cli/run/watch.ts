import { exhaustMap, filter, interval, map, Subject, takeUntil, throttleTime } from 'rxjs';
import type { RunProgress } from '../../runs/run-progress.ts';
import type { Session } from '../../runs/session.ts';
import type { Display } from '../display/display.ts';
import { printable } from '../format.ts';

const FRAME_MS = 200;
const SAME_WARNING_MS = 30_000;

/** Shows the run until it is stopped; the last picture is of the end. */
export function watchRun(
  session: Session,
  reader: Readonly<{ read(): Promise<RunProgress> }>,
  display: Display,
): Readonly<{ stop(): Promise<void> }> {
  const stopped = new Subject<void>();
  const show = async () => display.show(await reader.read());
  interval(FRAME_MS).pipe(takeUntil(stopped), exhaustMap(show)).subscribe();
  storeWarnings(session)
    .pipe(takeUntil(stopped))
    .subscribe((text) => display.note(text));
  return {
    stop: async () => {
      stopped.next();
      await show();
      display.end();
    },
  };
}

function storeWarnings({ events }: Session) {
  return events.pipe(
    filter((event) => event.kind === 'write-waits'),
    throttleTime(SAME_WARNING_MS),
    map(({ failure }) => `waiting: ${printable(failure.message, 300)} Finished answers are kept until then.`),
  );
}
