import { describe, expect, it } from 'vitest';
import type { Collections } from '../../../../src/infra/engines/mongo/collections.ts';
import { keepRollingUp } from '../../../../src/infra/engines/mongo/counts/roll-up.ts';
import { statuses } from '../../../../src/stages/status.ts';

/** Collections whose counters answer each change by what `change` makes of its number. */
function counted(change: (n: number) => Promise<boolean>): Collections {
  let changes = 0;
  const counting = {
    change: () => {
      changes += 1;
      return change(changes);
    },
  };
  const works = ['research', 'generations', 'reviews', 'works'].map((name) => [
    name,
    { collectionName: name },
  ]);
  return { counting, countingAdded: counting, ...Object.fromEntries(works) } as unknown as Collections;
}

/** Of one round: four kinds of works, and each status. */
const CHANGES = 4 + statuses().length;

describe('counts that cannot be kept up', () => {
  it('are told once they have failed for a while, and once only', async () => {
    const told: string[] = [];
    const { promise: tries, resolve } = Promise.withResolvers<void>();
    const collections = counted((n) => {
      if (n === 20) resolve();
      return Promise.reject(new Error('not authorized'));
    });
    const stop = keepRollingUp(collections, (text) => told.push(text), 1);
    await tries;
    await stop();
    expect(told).toEqual([expect.stringContaining('(not authorized)')]);
  });

  it('are not told for failures now and then', async () => {
    const told: string[] = [];
    const { promise: tries, resolve } = Promise.withResolvers<void>();
    const collections = counted((n) => {
      if (n === 200) resolve();
      return n % (5 + CHANGES) >= 5 ? Promise.resolve(false) : Promise.reject(new Error('moved away'));
    });
    const stop = keepRollingUp(collections, (text) => told.push(text), 1);
    await tries;
    await stop();
    expect(told).toEqual([]);
  });
});
