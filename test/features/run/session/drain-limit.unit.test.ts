import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { HARD_END_MS, limitDrain } from '../../../../src/features/run/session/drain-limit.ts';
import { StopController } from '../../../../src/features/run/session/stop-controller.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function limited(drainMs: number) {
  const stop = new StopController();
  const limit = limitDrain(stop, drainMs);
  onTestFinished(limit.off);
  let failure: unknown;
  limit.exceeded.catch((error: unknown) => {
    failure = error;
  });
  return { stop, limit, failure: () => failure };
}

describe('the limit of a drain', () => {
  it('aborts what is not done in time, and gives up on what the abort does not end', async () => {
    const { stop, failure } = limited(5_000);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(stop.signals.draining.aborted).toBe(false);
    stop.drain();
    await vi.advanceTimersByTimeAsync(4_999);
    expect(stop.signals.aborted.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect([stop.signals.aborted.aborted, failure()]).toEqual([true, undefined]);
    await vi.advanceTimersByTimeAsync(HARD_END_MS);
    expect(failure()).toMatchObject({ kind: 'outage', code: 'not_ended', message: /in 35 s/ });
  });

  it('holds for a stop that drains already', async () => {
    const stop = new StopController();
    stop.drain();
    onTestFinished(limitDrain(stop, 10).off);
    await vi.advanceTimersByTimeAsync(10);
    expect(stop.signals.aborted.aborted).toBe(true);
  });

  it.each(['before', 'after'])(
    'touches nothing once it is off, %s the drain, and leaves no timer',
    async (when) => {
      const { stop, limit, failure } = limited(10);
      if (when === 'before') limit.off();
      stop.drain();
      limit.off();
      await vi.advanceTimersByTimeAsync(HARD_END_MS * 2);
      expect([stop.signals.aborted.aborted, failure(), vi.getTimerCount()]).toEqual([false, undefined, 0]);
    },
  );
});
