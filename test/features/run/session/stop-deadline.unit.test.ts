import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StopController } from '../../../../src/features/run/session/stop-controller.ts';
import { HARD_END_MS, StopDeadline } from '../../../../src/features/run/session/stop-deadline.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const forEver = new Promise<never>(() => undefined);

/** What came of waiting for it: a failure, or nothing yet. */
function waitFor(deadline: StopDeadline, work: Promise<unknown> = forEver) {
  const came: { failure?: unknown } = {};
  deadline.within(work).catch((failure: unknown) => {
    came.failure = failure;
  });
  return came;
}

describe('the deadline of a stop', () => {
  it('aborts what is not done in time, and gives up on what the abort does not end', async () => {
    const stop = new StopController();
    const waited = waitFor(new StopDeadline(stop, 5_000));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(stop.signals.draining.aborted).toBe(false);
    stop.drain();
    await vi.advanceTimersByTimeAsync(4_999);
    expect(stop.signals.aborted.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect([stop.signals.aborted.aborted, waited.failure]).toEqual([true, undefined]);
    await vi.advanceTimersByTimeAsync(HARD_END_MS);
    expect(waited.failure).toMatchObject({ kind: 'outage', code: 'not_ended', message: /in 7 s/ });
  });

  it('holds for a stop that drains already', async () => {
    const stop = new StopController();
    stop.drain();
    waitFor(new StopDeadline(stop, 10));
    await vi.advanceTimersByTimeAsync(10);
    expect(stop.signals.aborted.aborted).toBe(true);
  });

  it('is one for all that is waited for: what the first used up is gone, and time that nobody waits does not count', async () => {
    const stop = new StopController();
    const deadline = new StopDeadline(stop, 1_000);
    stop.drain();
    const first = Promise.withResolvers<void>();
    const run = deadline.within(first.promise);
    await vi.advanceTimersByTimeAsync(600);
    first.resolve();
    await run;
    await vi.advanceTimersByTimeAsync(60_000);
    const closing = waitFor(deadline);
    await vi.advanceTimersByTimeAsync(399);
    expect(stop.signals.aborted.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(stop.signals.aborted.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(HARD_END_MS);
    expect(closing.failure).toMatchObject({ code: 'not_ended' });
  });

  it('that was missed is missed for whatever comes after', async () => {
    const stop = new StopController();
    const deadline = new StopDeadline(stop, 0);
    stop.drain();
    waitFor(deadline);
    await vi.advanceTimersByTimeAsync(HARD_END_MS);
    await expect(deadline.within(forEver)).rejects.toMatchObject({ code: 'not_ended' });
  });

  it.each(['before', 'after'])('leaves no timer behind what ended %s the drain', async (when) => {
    const stop = new StopController();
    const work = Promise.withResolvers<void>();
    const waited = new StopDeadline(stop, 10).within(work.promise);
    if (when === 'after') stop.drain();
    work.resolve();
    await waited;
    stop.drain();
    await vi.advanceTimersByTimeAsync(HARD_END_MS * 2);
    expect([stop.signals.aborted.aborted, vi.getTimerCount()]).toEqual([false, 0]);
  });
});
