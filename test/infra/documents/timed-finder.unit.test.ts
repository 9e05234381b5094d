import { expect, it } from 'vitest';
import { TimedFinder } from '../../../src/infra/documents/index/timed-finder.ts';
import type { PieceFinder } from '../../../src/stages/evidence/finder.ts';

const searched: PieceFinder = { find: async () => [] };
const stretch = { source: 'manuals', path: 'oil.md', from: 0, characters: 10 };

it('opens documents where the finder that it times does', async () => {
  const finder = new TimedFinder({
    ...searched,
    read: async ({ from }) => ({ pieces: [], length: from + 3 }),
  });
  expect(await finder.read?.(stretch)).toEqual({ pieces: [], length: 3 });
});

it('opens none where they are searched alone', () => {
  expect(new TimedFinder(searched).read).toBeUndefined();
});
