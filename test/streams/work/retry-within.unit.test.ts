import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Failure } from '../../../src/streams/failure.ts';
import { retryWithin } from '../../../src/streams/work/retry-within.ts';
import { failureOf } from '../../support/failure-of.ts';

const outage = (text: string) => new Failure('outage', 'away', text);

describe('a write in an outage', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is repeated until it works', async () => {
    let tries = 0;
    const written = retryWithin(async () => {
      tries += 1;
      if (tries < 4) throw outage('still');
      return 'written';
    }, 240_000);
    await vi.advanceTimersByTimeAsync(2_000);
    expect([await written, tries]).toEqual(['written', 4]);
  });

  it('is given up after the time, with what the last try brought', async () => {
    let tries = 0;
    const failed = failureOf(() =>
      retryWithin(async () => {
        tries += 1;
        throw outage(`try ${tries}`);
      }, 1_000),
    );
    await vi.advanceTimersByTimeAsync(20_000);
    const { code, message } = await failed;
    expect([code, message]).toEqual(['away', `try ${tries}`]);
    expect(tries).toBeGreaterThan(2);
  });

  it('is not repeated where nothing will change', async () => {
    let tries = 0;
    const failure = await failureOf(() =>
      retryWithin(async () => {
        tries += 1;
        throw new Failure('fatal', 'unknown_topic', 'no');
      }, 1_000),
    );
    expect([failure.code, tries]).toEqual(['unknown_topic', 1]);
  });
});
