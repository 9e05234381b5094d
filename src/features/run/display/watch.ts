import { exhaustMap, filter, groupBy, interval, map, mergeMap, Subject, takeUntil, throttleTime } from 'rxjs';
import { duration, printable, wrapped } from '../../../infra/terminal/format.ts';
import type { EndpointState } from '../../../streams/limits/endpoint-state.ts';
import type { RunProgress } from '../progress/run-progress.ts';
import type { Session } from '../session/session.ts';
import type { Display } from './display.ts';

const FRAME_MS = 200;
const SAME_WARNING_MS = 30_000;
const LOOK_MS = 1_000;
/** Shorter ones are daily business. */
const LONG_REFUSAL_MS = 8_000;
const SAME_REFUSAL_MS = 60_000;

/** Shows the run until it is stopped; the last picture is of the end. */
export function watchRun(
  session: Pick<Session, 'events' | 'endpoints'>,
  reader: Readonly<{ read(): Promise<RunProgress> }>,
  display: Display,
): Readonly<{ stop(): Promise<void> }> {
  const stopped = new Subject<void>();
  const show = async () => display.show(await reader.read());
  interval(FRAME_MS)
    .pipe(
      takeUntil(stopped),
      filter(() => display.isDue()),
      exhaustMap(show),
    )
    .subscribe();
  storeWarnings(session)
    .pipe(takeUntil(stopped))
    .subscribe((text) => display.note(text));
  const refusals = interval(LOOK_MS).pipe(
    takeUntil(stopped),
    mergeMap(() => [...session.endpoints.values()]),
    groupBy(({ name }) => name),
    mergeMap((endpoint) =>
      endpoint.pipe(
        map(({ state }) => refusalText(state, Date.now())),
        filter((text) => text !== undefined),
        throttleTime(SAME_REFUSAL_MS),
      ),
    ),
  );
  refusals.subscribe((text) => display.note(text));
  return {
    stop: async () => {
      stopped.next();
      await show();
      display.end();
    },
  };
}

/** Does the work, and shows the run that it starts, from when it says so until the work has ended. */
export async function whileShown<T>(
  session: Parameters<typeof watchRun>[0],
  display: Display,
  work: (onStarted: (reader: Parameters<typeof watchRun>[1]) => void) => Promise<T>,
): Promise<T> {
  let watch: ReturnType<typeof watchRun> | undefined;
  try {
    return await work((reader) => {
      watch = watchRun(session, reader, display);
    });
  } finally {
    await watch?.stop();
  }
}

/** What a server says that has refused every call for a while, and until when nothing is sent. */
export function refusalText(
  { endpoint, refusing, pausedMs }: Pick<EndpointState, 'endpoint' | 'refusing' | 'pausedMs'>,
  nowMs: number,
): string | undefined {
  if (refusing === undefined || Math.max(refusing.sinceMs, pausedMs) < LONG_REFUSAL_MS) return undefined;
  const again = new Date(nowMs + pausedMs).toISOString().replace('T', ' ').slice(0, 16);
  const until =
    pausedMs < 1_000
      ? 'It is asked again now'
      : `It is asked again at ${again} UTC (in ${duration(pausedMs / 1_000)})`;
  const said = `waiting: ${endpoint} refuses every call, for ${duration(refusing.sinceMs / 1_000)} now. ${printable(refusing.message, 400)} ${until}. Nothing is lost.`;
  return wrapped(said).join('\n');
}

function storeWarnings({ events }: Pick<Session, 'events'>) {
  return events.pipe(
    filter((event) => event.kind === 'write-waits'),
    throttleTime(SAME_WARNING_MS),
    map(({ failure }) => `waiting: ${printable(failure.message, 300)} Finished answers are kept until then.`),
  );
}
