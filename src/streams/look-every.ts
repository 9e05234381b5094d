export type Looking = Readonly<{
  /** Looks now, unless it is looking. */
  now(): void;
  /** Resolves when the last look has ended. */
  stop(): Promise<void>;
}>;

/**
 * Looks every `everyMs`, one look at a time, until stopped. A look that fails is made again at the next turn; who is away is told of
 * elsewhere. Keeps no process alive.
 */
export function lookEvery(everyMs: number, look: () => Promise<unknown>): Looking {
  let looking: Promise<unknown> | undefined;
  const now = () => {
    looking ??= look()
      .catch(() => undefined)
      .finally(() => {
        looking = undefined;
      });
  };
  const timer = setInterval(now, everyMs);
  timer.unref();
  return {
    now,
    stop: async () => {
      clearInterval(timer);
      await looking;
    },
  };
}
