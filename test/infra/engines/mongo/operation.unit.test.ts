import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { operation } from '../../../../src/infra/engines/mongo/operation.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('an operation', () => {
  it('that the driver forgets ends as an outage, and its late end harms nobody', async () => {
    const acting = Promise.withResolvers<string>();
    const ended = operation('storing results', () => acting.promise).catch((failure: unknown) => failure);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await ended).toMatchObject({
      kind: 'outage',
      code: 'mongo_unavailable',
      message: expect.stringContaining('storing results failed: the driver gave no answer within 60 s'),
    });
    acting.reject(new Error('late'));
    await vi.advanceTimersByTimeAsync(1);
  });

  it('leaves no timer behind', async () => {
    expect(await operation('reading', async () => 'answer')).toBe('answer');
    await expect(operation('reading', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(vi.getTimerCount()).toBe(0);
  });
});
