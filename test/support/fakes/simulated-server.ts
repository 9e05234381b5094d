import { Failure, type FailureFacts } from '../../../src/streams/failure.ts';
import type { RateReading } from '../../../src/streams/limits/rate/rate-reading.ts';
import { RequestWindow } from '../stage/request-window.ts';

/** What a server does with one call: how long it takes, and why it fails, if it does. */
export type Reply = Readonly<{ afterMs: number; failure?: Failure; rates?: RateReading }>;

/** A server in virtual time. `inFlight` are the calls it is at work on, this one not counted. */
export type SimulatedServer = (
  call: Readonly<{ nowMs: number; inFlight: number; latencyMs: number }>,
) => Reply;

/** How long a refusal takes to come back. */
const REFUSAL_MS = 20;

export function refused(facts: FailureFacts = {}, afterMs = REFUSAL_MS): Reply {
  const failure = new Failure('transient', 'rate_limited', 'Too many.', { pressure: 'rate-limit', ...facts });
  return { afterMs, failure };
}

export function overloaded(afterMs = REFUSAL_MS): Reply {
  const failure = new Failure('transient', 'server_error', '503', {
    pressure: 'overload',
    outageSignal: true,
  });
  return { afterMs, failure };
}

export function timedOut(afterMs: number): Reply {
  const failure = new Failure('transient', 'timeout', 'Late.', { pressure: 'overload', outageSignal: true });
  return { afterMs, failure };
}

/** Takes whatever comes. */
export const unlimited: SimulatedServer = ({ latencyMs }) => ({ afterMs: latencyMs });

/** Fails a share of the calls, whatever else it would do with them. */
export function byChance(
  share: number,
  fail: () => Reply,
  random: () => number,
  server: SimulatedServer,
): SimulatedServer {
  return (call) => (random() < share ? fail() : server(call));
}

/** So many requests in any window; `limit` may move with time. */
export function window(
  limit: (nowMs: number) => number,
  options: Readonly<{ headers?: boolean; refusalMs?: number }> = {},
): SimulatedServer {
  const { headers = false, refusalMs = REFUSAL_MS } = options;
  const WINDOW_MS = 60_000;
  const kept = new RequestWindow(limit, WINDOW_MS);
  return ({ nowMs, latencyMs }) => {
    const { admitted, limit, remaining, resetMs, retryMs } = kept.ask(nowMs);
    const rates = headers ? { rates: { requests: { limit, remaining, resetMs } } } : {};
    if (admitted) return { afterMs: latencyMs, ...rates };
    const facts = headers ? { retryAfterMs: Math.ceil(retryMs / 1_000) * 1_000 } : {};
    return { ...refused(facts, refusalMs), ...rates };
  };
}

/** A bucket that fills at `perSecond(now)` and holds `size`. */
export function bucket(perSecond: (nowMs: number) => number, size: number): SimulatedServer {
  let [level, atMs] = [size, 0];
  return ({ nowMs, latencyMs }) => {
    level = Math.min(size, level + ((nowMs - atMs) / 1_000) * perSecond(nowMs));
    atMs = nowMs;
    if (level < 1) return refused();
    level -= 1;
    return { afterMs: latencyMs };
  };
}

/** So many calls at once. */
export function atOnce(
  most: (nowMs: number) => number,
  fail: () => Reply,
  server: SimulatedServer,
): SimulatedServer {
  return (call) => (call.inFlight >= most(call.nowMs) ? fail() : server(call));
}

/** Works on so many calls at once and queues the rest; grows slow. */
export function queueing(workers: number): SimulatedServer {
  const freeAt = new Array<number>(workers).fill(0);
  return ({ nowMs, latencyMs }) => {
    const first = freeAt.indexOf(Math.min(...freeAt));
    const start = Math.max(nowMs, freeAt[first] ?? 0);
    freeAt[first] = start + latencyMs;
    return { afterMs: start + latencyMs - nowMs };
  };
}
