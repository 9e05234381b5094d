import { describe, expect, it } from 'vitest';
import { type OpenStore, openForTest } from '../fixtures.ts';

const usual = { tool: 'web_search', atMs: 1_000, untilMs: 2_000, sources: ['page:example.org/a?b=c'] };

/** What look-ups brought, for whoever asks the same. */
export function describeLookUps(open: OpenStore): void {
  describe('look-ups', () => {
    it('are kept until their time is over', async () => {
      const { store, reopen } = await openForTest(open);
      const body = { hits: ['ä'.repeat(4_000)], none: null };
      expect(await store.lookUps.find('long', 1_000)).toBeUndefined();
      expect(await store.lookUps.keep({ ...usual, key: 'long', body })).toEqual(body);
      await store.lookUps.keep({ ...usual, key: 'short', body: ['a'] });
      const again = await reopen();
      expect(await again.lookUps.find('long', 1_999)).toEqual(body);
      expect(await again.lookUps.find('short', 1_999)).toEqual(['a']);
      expect(await again.lookUps.find('long', 2_000)).toBeUndefined();
    });

    it('are what was kept first, until that is old', async () => {
      const { store } = await openForTest(open);
      const keep = (body: string, atMs: number) =>
        store.lookUps.keep({ ...usual, key: 'raced', atMs, untilMs: atMs + 1_000, body });
      const both = await Promise.all([keep('one', 1_000), keep('other', 1_000)]);
      expect(both[0]).toBe(both[1]);
      expect(await keep('later', 1_500)).toBe(both[0]);
      expect(await keep('anew', 2_500)).toBe('anew');
    });

    it('go with any of the sources that they consist of, and with nothing that only begins alike', async () => {
      const { store } = await openForTest(open);
      const keep = (key: string, ...sources: readonly string[]) =>
        store.lookUps.keep({ ...usual, key, sources, body: key });
      await keep('a', 'page:example.org/a', 'page:other.org/');
      await keep('b', 'page:example.org/b?c=d');
      await keep('c', 'page:example.org.evil.com/a');
      await keep('d', 'tool:wiki.read');
      for (const [source, count] of [
        ['page:example', 0],
        ['page:other.org', 1],
        ['page:example.org', 1],
        ['tool:wiki', 1],
      ] as const)
        expect(await store.lookUps.forgetSource(source), source).toBe(count);
      const left = await Promise.all(['a', 'b', 'c', 'd'].map((key) => store.lookUps.find(key, 1_500)));
      expect(left).toEqual([undefined, undefined, 'c', undefined]);
      expect(await store.lookUps.forgetSource('page:example.org')).toBe(0);
    });

    it('that are old can be counted and taken out', async () => {
      const { store } = await openForTest(open);
      await store.lookUps.keep({ ...usual, key: 'old', body: 1 });
      await store.lookUps.keep({ ...usual, key: 'new', untilMs: 9_000, body: 2 });
      expect(await store.lookUps.countOld(5_000)).toBe(1);
      await store.lookUps.dropOld(5_000);
      expect(await store.lookUps.countOld(5_000)).toBe(0);
      expect(await store.lookUps.find('new', 5_000)).toBe(2);
    });

    it('that were kept before a time can go, though they could be used', async () => {
      const { store } = await openForTest(open);
      const keep = (key: string, atMs: number, untilMs: number) =>
        store.lookUps.keep({ ...usual, key, atMs, untilMs, body: key });
      await keep('over', 1_000, 2_000);
      await keep('early', 1_000, 9_000);
      await keep('late', 4_000, 9_000);
      expect(await store.lookUps.countOld(5_000, 4_000)).toBe(2);
      await store.lookUps.dropOld(5_000, 4_000);
      expect(await store.lookUps.countOld(5_000, 4_000)).toBe(0);
      const left = await Promise.all(['early', 'late'].map((key) => store.lookUps.find(key, 5_000)));
      expect(left).toEqual([undefined, 'late']);
    });
  });
}
