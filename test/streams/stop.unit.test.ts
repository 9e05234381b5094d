import { lastValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Failure } from '../../src/streams/failure.ts';
import { delayUnless, isStopping, onAbort, stopping } from '../../src/streams/stop.ts';

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

describe('those who wait for a signal', () => {
  it('are each told once, in their order, and not who took it back', () => {
    const stop = new AbortController();
    const told: string[] = [];
    onAbort(stop.signal, () => void told.push('first'));
    const takeBack = onAbort(stop.signal, () => void told.push('taken back'));
    onAbort(stop.signal, () => void told.push('last'));
    takeBack();
    stop.abort();
    stop.abort();
    expect(told).toEqual(['first', 'last']);
  });

  it('are told at once where it was aborted before, and also by one who was told', () => {
    const stop = new AbortController();
    const told: string[] = [];
    onAbort(stop.signal, () => void onAbort(stop.signal, () => void told.push('later')));
    stop.abort();
    onAbort(stop.signal, () => void told.push('too late'));
    expect(told).toEqual(['later', 'too late']);
  });

  it('share one listener, however many they are', () => {
    const { signal } = new AbortController();
    const listens = vi.spyOn(signal, 'addEventListener');
    for (let index = 0; index < 100; index += 1) onAbort(signal, () => undefined)();
    expect(listens).toHaveBeenCalledOnce();
  });
});

describe('what a stop ends with', () => {
  it('is told apart from every other failure', () => {
    expect(isStopping(stopping())).toBe(true);
    expect(isStopping(new Failure('transient', 'timeout', ''))).toBe(false);
    expect(isStopping(new Error('aborted'))).toBe(false);
  });
});
