import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Failure } from '../../../src/streams/failure.ts';
import { Patience } from '../../../src/streams/work/persist.ts';
import { unlessOutage } from '../../../src/streams/work/unless-outage.ts';
import { fatal, outage } from '../../support/failures.ts';

describe('a look at how far a run is', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is looked past where a server is away, and fails where nothing can work', async () => {
    const patience = new Patience();
    await expect(unlessOutage(Promise.resolve(true), false, patience)).resolves.toBe(true);
    await expect(unlessOutage(Promise.reject(outage()), false, patience)).resolves.toBe(false);
    await expect(unlessOutage(Promise.reject(fatal()), false, patience)).rejects.toMatchObject({
      code: 'unauthorized',
    });
  });

  it('fails once an outage lasts longer than such a one may, since the last look that worked', async () => {
    const patience = new Patience();
    const refused = new Failure('outage', 'refused', 'No right to read.', { fatalAfterMs: 60_000 });
    const refusedLook = () => unlessOutage(Promise.reject(refused), false, patience);
    await refusedLook();
    vi.advanceTimersByTime(59_000);
    await expect(refusedLook()).resolves.toBe(false);
    await unlessOutage(Promise.resolve(true), false, patience);
    vi.advanceTimersByTime(59_000);
    await expect(refusedLook()).resolves.toBe(false);
    vi.advanceTimersByTime(60_000);
    await expect(refusedLook()).rejects.toMatchObject({ kind: 'fatal', code: 'refused' });
  });
});
