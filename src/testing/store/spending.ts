import { randomInt, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { HeldShare } from '../../streams/budget/spending-repository.ts';
import { type OpenStore, openForTest } from './fixtures.ts';

/** What each process has taken of a day. */
export function describeSpending(open: OpenStore): void {
  describe('spending', () => {
    it('is the sum of what each process last said, of that day alone', async () => {
      const { store, reopen } = await openForTest(open);
      const [day, other] = [newDay(), newDay()];
      expect(await store.spending.total(day)).toEqual(sums(0, 0));
      await store.spending.put(share(day, 'a', 1, 100));
      await store.spending.put(share(day, 'b', 1, 20));
      await store.spending.put(share(other, 'a', 1, 7));
      await store.spending.put(share(day, 'a', 2, 150));
      expect(await store.spending.total(day)).toEqual(sums(170, 340));
      expect(await (await reopen()).spending.total(day)).toEqual(sums(170, 340));
    });

    it('may be lowered again, and written twice', async () => {
      const { store } = await openForTest(open);
      const day = newDay();
      await store.spending.put(share(day, 'a', 1, 100));
      await store.spending.put(share(day, 'a', 2, 40));
      await store.spending.put(share(day, 'a', 2, 40));
      expect(await store.spending.total(day)).toEqual(sums(40, 80));
    });

    it('keeps the later word of a process when an earlier one comes late', async () => {
      const { store } = await openForTest(open);
      const day = newDay();
      await store.spending.put(share(day, 'a', 9, 100));
      await store.spending.put(share(day, 'a', 8, 40));
      expect(await store.spending.total(day)).toEqual(sums(100, 200));
    });

    it('loses nothing of processes that write at the same moment', async () => {
      const { store } = await openForTest(open);
      const day = newDay();
      const shares = Array.from({ length: 30 }, (_, index) =>
        share(day, `p${index % 10}`, 1 + Math.floor(index / 10), 10 * (1 + Math.floor(index / 10))),
      );
      await Promise.all(shares.map((each) => store.spending.put(each)));
      expect(await store.spending.total(day)).toEqual(sums(300, 600));
    });
  });
}

/** A day that no other test uses. */
function newDay(): string {
  return `${randomInt(3_000, 9_000)}-01-01-${randomUUID()}`;
}

function share(day: string, holder: string, version: number, tokens: number): HeldShare {
  const spent = { tokens, costUsd: tokens / 4 };
  return { day, holder, version, spent, held: { tokens: 2 * tokens, costUsd: tokens / 2 } };
}

function sums(spent: number, held: number) {
  return {
    spent: { tokens: spent, costUsd: spent / 4 },
    held: { tokens: held, costUsd: held / 4 },
  };
}
