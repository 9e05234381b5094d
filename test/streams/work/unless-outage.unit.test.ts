import { describe, expect, it } from 'vitest';
import { unlessOutage } from '../../../src/streams/work/unless-outage.ts';
import { fatal, outage } from '../../support/failures.ts';

describe('a look at how far a run is', () => {
  it('is looked past where a server is away, and fails where nothing can work', async () => {
    await expect(unlessOutage(Promise.resolve(true), false)).resolves.toBe(true);
    await expect(unlessOutage(Promise.reject(outage()), false)).resolves.toBe(false);
    await expect(unlessOutage(Promise.reject(fatal()), false)).rejects.toMatchObject({
      code: 'unauthorized',
    });
  });
});
