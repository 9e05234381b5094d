import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { LookUpCache, lookUpKey } from '../../../../src/infra/tools/cache/look-up-cache.ts';
import { fakeLookUps } from '../../../support/fakes/fake-look-ups.ts';

const asked = { tool: 'search', version: '1', args: { query: 'bees' }, days: 7 };
const DAY_MS = 24 * 60 * 60 * 1_000;

function counted(answers: readonly (string | Error)[]) {
  let calls = 0;
  const make = async () => {
    const answer = answers[Math.min(calls, answers.length - 1)];
    calls += 1;
    if (answer instanceof Error) throw answer;
    return { value: answer ?? '', sources: ['page:example.org/bees'] };
  };
  return { make, calls: () => calls };
}

describe('a look-up that is kept', () => {
  it('is made once, and the same later is answered from what was kept', async () => {
    const kept = new LookUpCache(fakeLookUps());
    const { make, calls } = counted(['found']);
    expect(await kept.through(asked, z.string(), make)).toEqual({ value: 'found', cached: false });
    expect(await kept.through({ ...asked, args: { query: 'bees' } }, z.string(), make)).toEqual({
      value: 'found',
      cached: true,
    });
    expect(calls()).toBe(1);
  });

  it('is made anew when its days are over', async () => {
    let nowMs = 0;
    const kept = new LookUpCache(fakeLookUps(), () => nowMs);
    const { make, calls } = counted(['old', 'new']);
    await kept.through(asked, z.string(), make);
    nowMs = 7 * DAY_MS;
    expect(await kept.through(asked, z.string(), make)).toEqual({ value: 'new', cached: false });
    expect(calls()).toBe(2);
  });

  it('is made once for those who ask the same at the same time', async () => {
    const kept = new LookUpCache(fakeLookUps());
    const { make, calls } = counted(['found']);
    const all = await Promise.all([1, 2, 3].map(() => kept.through(asked, z.string(), make)));
    expect(all.map(({ value }) => value)).toEqual(['found', 'found', 'found']);
    expect(calls()).toBe(1);
  });

  it('is what was stored first, for whoever asks after two processes made it', async () => {
    const book = fakeLookUps();
    const [one, other] = [new LookUpCache(book), new LookUpCache(book)];
    await Promise.all([
      one.through(asked, z.string(), counted(['first']).make),
      other.through(asked, z.string(), counted(['second']).make),
    ]);
    const { make, calls } = counted(['third']);
    for (const kept of [one, other])
      expect(await kept.through(asked, z.string(), make)).toEqual({ value: 'first', cached: true });
    expect(calls()).toBe(0);
  });

  it('is there at once, and is made once, though the store is away: what was paid for waits for no row', async () => {
    const away = Promise.withResolvers<never>();
    const kept = new LookUpCache({ ...fakeLookUps(), keep: () => away.promise });
    const { make, calls } = counted(['found']);
    expect(await kept.through(asked, z.string(), make)).toEqual({ value: 'found', cached: false });
    expect(await kept.through(asked, z.string(), make)).toEqual({ value: 'found', cached: true });
    expect(calls()).toBe(1);
    away.reject(new Error('The store is away.'));
  });

  it('is not kept where it failed: the next one makes it', async () => {
    const kept = new LookUpCache(fakeLookUps());
    const { make } = counted([new Error('down'), 'found']);
    const [first, second] = await Promise.allSettled([
      kept.through(asked, z.string(), make),
      kept.through(asked, z.string(), make),
    ]);
    expect(first).toMatchObject({ status: 'rejected' });
    expect(second).toMatchObject({ status: 'fulfilled', value: { value: 'found' } });
  });

  it('has one name for the same arguments in any order, and another for another version', () => {
    const args = { query: 'bees', limit: 3 };
    const key = lookUpKey({ ...asked, args });
    expect(lookUpKey({ ...asked, args: { limit: 3, query: 'bees' } })).toBe(key);
    expect(lookUpKey({ ...asked, args, version: '2' })).not.toBe(key);
  });
});
