import type { StopController } from './stop-controller.ts';

export type Breakage = Readonly<{
  /** Rejects with the first Failure that makes going on pointless; never resolves. */
  broken: Promise<never>;
  fail(failure: unknown): void;
}>;

/** What breaks a session also drains it. */
export function breakage(stop: StopController): Breakage {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => stop.drain());
  return { broken: promise, fail: reject };
}
