import { describe, expect, it } from 'vitest';
import { type OpenStore, openForTest } from './fixtures.ts';

/** Which stages take no records, by order of a person. */
export function describePausing(open: OpenStore): void {
  describe('pauses', () => {
    it('stand until the stage is resumed, for every process, since they were first ordered', async () => {
      const { store, reopen } = await openForTest(open);
      await store.pauses.pause('review');
      const [first] = await store.pauses.list();
      await store.pauses.pause('review');
      await store.pauses.pause('generation');
      const again = (await reopen()).pauses;
      expect(await again.list()).toEqual([{ stage: 'generation', since: expect.any(String) }, first]);
      await again.resume('review');
      await again.resume('review');
      await again.resume('generation');
      expect(await again.list()).toEqual([]);
    });
  });
}
