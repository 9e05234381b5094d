import { Failure } from '../../../streams/failure.ts';
import { LONGEST_TIMER_MS, onAbort } from '../../../streams/stop.ts';
import type { StopController } from './stop-controller.ts';

/** After the time to drain: for leaving the groups. What cannot be stored is left in the journal at the abort, in one turn. */
export const HARD_END_MS = 2_000;

/**
 * How long a session may take to end, counted from the moment it drains: calls in flight have `drainMs`, what is not done
 * then is aborted, and two seconds later it is left behind. Nothing is lost by either: claims lapse, and answers are in the
 * journal. Time in which nobody waits for the end does not count.
 */
export class StopDeadline {
  readonly #stop: StopController;
  readonly #drainMs: number;
  #leftMs: number;
  #missed: Failure | undefined;

  constructor(stop: StopController, drainMs: number) {
    this.#stop = stop;
    this.#drainMs = drainMs;
    this.#leftMs = drainMs;
  }

  /** Resolves as the work does. Rejects with a Failure (`outage`, `not_ended`) where even the abort does not end it. */
  async within<T>(work: Promise<T>): Promise<T> {
    // Left behind, it may still fail.
    work.catch(() => undefined);
    if (this.#missed !== undefined) throw this.#missed;
    const missed = Promise.withResolvers<never>();
    const { draining } = this.#stop.signals;
    let timers: readonly NodeJS.Timeout[] = [];
    let startedMs: number | undefined;
    const begin = () => {
      startedMs = performance.now();
      const miss = () => {
        this.#missed = notEnded(this.#drainMs);
        missed.reject(this.#missed);
      };
      timers = [
        setTimeout(() => this.#stop.abort(), Math.min(this.#leftMs, LONGEST_TIMER_MS)),
        setTimeout(miss, Math.min(this.#leftMs + HARD_END_MS, LONGEST_TIMER_MS)),
      ];
    };
    const unheard = onAbort(draining, begin);
    try {
      return await Promise.race([work, missed.promise]);
    } finally {
      unheard();
      for (const timer of timers) clearTimeout(timer);
      if (startedMs !== undefined) this.#leftMs = Math.max(0, this.#leftMs - (performance.now() - startedMs));
    }
  }
}

function notEnded(drainMs: number): Failure {
  const seconds = Math.round((drainMs + HARD_END_MS) / 1_000);
  const message = `It did not end in ${seconds} s: Kafka or MongoDB may be away. Nothing is lost: the next start goes on. End this process before another works in the same data directory.`;
  return new Failure('outage', 'not_ended', message);
}
