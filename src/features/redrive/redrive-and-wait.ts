import { lastValueFrom } from 'rxjs';
import { openCount } from '../../stages/status.ts';
import type { RedriveOutcome } from '../../stages/store/dead-letter-repository.ts';
import { delayUnless, isStopping } from '../../streams/stop.ts';
import { Patience } from '../../streams/work/persist.ts';
import { unlessOutage } from '../../streams/work/unless-outage.ts';
import { openRun } from '../run/open-run.ts';
import type { Session } from '../run/session/session.ts';
import { untilDrained } from '../run/until-over.ts';
import { type RedriveOptions, type RedrivePorts, redrive } from './redrive.ts';

const LOOK_MS = 200;
/** Without a change for so long, a person is told that perhaps nobody is at work. */
const QUIET_MS = 30_000;

export type Redriven = Readonly<{ deadLetters: number; outcome: RedriveOutcome }>;

export type RedriveWaitOptions = Readonly<{
  wait: boolean;
  onSent?: ((deadLetters: number) => void) | undefined;
  /** Nothing has come to an end for a while. */
  onQuiet?: (() => void) | undefined;
}>;

/** Sends dead letters for others to work, and waits for what becomes of them unless told not to. */
export async function redriveBeside(
  ports: RedrivePorts,
  options: RedriveOptions & RedriveWaitOptions,
): Promise<Redriven> {
  const { by, deadLetters } = await redrive(ports, options);
  options.onSent?.(deadLetters);
  const outcome = () => ports.store.deadLetters.outcome(by);
  if (options.wait) await untilNone(async () => (await outcome()).waiting, ports.stop, options.onQuiet);
  return { deadLetters, outcome: await outcome() };
}

/** Sends dead letters and works them in this process, until their questions have come to an end. */
export async function redriveHere(
  session: Session,
  options: RedriveOptions & Pick<RedriveWaitOptions, 'onSent'>,
): Promise<Redriven> {
  const { store, log } = session.engine;
  const stop = session.stop.signals.draining;
  const run = await openRun(store.runs, session.lane.name, 'dead letters');
  const { by, deadLetters } = await redrive(
    { store, log, stop },
    { ...options, run: { id: run, firstPosition: 0 } },
  );
  options.onSent?.(deadLetters);
  const left = async () =>
    (await store.deadLetters.outcome(by)).waiting + openCount(await store.runs.counts(run));
  await Promise.race([untilNone(left, stop), session.broken]);
  if (stop.aborted) await untilDrained(session);
  return { deadLetters, outcome: await store.deadLetters.outcome(by) };
}

async function untilNone(
  leftNow: () => Promise<number>,
  stop: AbortSignal,
  onQuiet: () => void = () => undefined,
): Promise<void> {
  const patience = new Patience();
  let last = { left: -1, sinceMs: performance.now() };
  try {
    for (;;) {
      const left = await unlessOutage(leftNow(), last.left, patience);
      if (left === 0) return;
      const nowMs = performance.now();
      if (left !== last.left) last = { left, sinceMs: nowMs };
      else if (nowMs - last.sinceMs > QUIET_MS) {
        onQuiet();
        last = { left, sinceMs: nowMs };
      }
      await lastValueFrom(delayUnless(stop, LOOK_MS));
    }
  } catch (error) {
    if (!isStopping(error)) throw error;
  }
}
