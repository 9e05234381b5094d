import { Failure } from '../../../streams/failure.ts';
import { LONGEST_TIMER_MS } from '../../../streams/stop.ts';
import type { StopController } from './stop-controller.ts';

/** How long calls in flight may take to finish at a stop. */
export const DRAIN_MS = 120_000;
/** After the drain: for leaving the groups. What cannot be stored is left in the journal at the abort, in one turn. */
export const HARD_END_MS = 2_000;

export type DrainLimit = Readonly<{
  /** Rejects with a Failure (`outage`, `not_ended`) where even the abort does not end it; never resolves. */
  exceeded: Promise<never>;
  /** It has ended. */
  off(): void;
}>;

/**
 * Gives whoever drains, from the moment of the drain, `drainMs`; what is not done then is aborted, and two seconds
 * later it is left behind. Nothing is lost by either: claims lapse, and answers are in the journal.
 */
export function limitDrain(stop: StopController, drainMs: number): DrainLimit {
  const { promise: exceeded, reject } = Promise.withResolvers<never>();
  exceeded.catch(() => undefined);
  const timers: NodeJS.Timeout[] = [];
  const after = (ms: number, act: () => void) => timers.push(setTimeout(act, Math.min(ms, LONGEST_TIMER_MS)));
  const { draining } = stop.signals;
  const begin = () => {
    after(drainMs, () => stop.abort());
    after(drainMs + HARD_END_MS, () => reject(notEnded(drainMs)));
  };
  if (draining.aborted) begin();
  else draining.addEventListener('abort', begin, { once: true });
  return {
    exceeded,
    off: () => {
      draining.removeEventListener('abort', begin);
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

function notEnded(drainMs: number): Failure {
  const seconds = Math.round((drainMs + HARD_END_MS) / 1_000);
  const message = `It did not end in ${seconds} s: Kafka or MongoDB may be away. Nothing is lost: the next start goes on. End this process before another works in the same data directory.`;
  return new Failure('outage', 'not_ended', message);
}
