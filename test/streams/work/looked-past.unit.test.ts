import { describe, expect, it } from 'vitest';
import { lookedPast } from '../../../src/streams/work/looked-past.ts';
import { fatal, outage } from '../../support/failures.ts';

describe('a look at how far a run is', () => {
  it('is looked past where a server is away, and fails where nothing can work', async () => {
    await expect(lookedPast(Promise.resolve(true), false)).resolves.toBe(true);
    await expect(lookedPast(Promise.reject(outage()), false)).resolves.toBe(false);
    await expect(lookedPast(Promise.reject(fatal()), false)).rejects.toMatchObject({ code: 'unauthorized' });
  });
});
