import { lastValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Failure } from '../../src/streams/failure.ts';
import { delayUnless, isStopping, stopping } from '../../src/streams/stop.ts';

describe('a delay that a stop cuts', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('ends after its time', async () => {
    const ended = vi.fn();
    delayUnless(new AbortController().signal, 1_000).subscribe({ complete: ended });
    await vi.advanceTimersByTimeAsync(999);
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toHaveBeenCalledOnce();
  });

  it('errors as soon as the process stops, and leaves no timer', async () => {
    const stop = new AbortController();
    const waiting = lastValueFrom(delayUnless(stop.signal, 1_000));
    stop.abort();
    await expect(waiting).rejects.toSatisfy(isStopping);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('errors at once where the process stopped before', async () => {
    await expect(lastValueFrom(delayUnless(AbortSignal.abort(), 1_000))).rejects.toSatisfy(isStopping);
  });

  it('of more days than a timer can count is no hot loop', async () => {
    const ended = vi.fn();
    delayUnless(new AbortController().signal, 90 * 86_400_000).subscribe({ complete: ended });
    await vi.advanceTimersByTimeAsync(86_400_000);
    expect(ended).not.toHaveBeenCalled();
  });
});

describe('what a stop ends with', () => {
  it('is told apart from every other failure', () => {
    expect(isStopping(stopping())).toBe(true);
    expect(isStopping(new Failure('transient', 'timeout', ''))).toBe(false);
    expect(isStopping(new Error('aborted'))).toBe(false);
  });
});
