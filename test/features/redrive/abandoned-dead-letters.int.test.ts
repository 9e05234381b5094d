import { describe, expect, it } from 'vitest';
import { AbandonedDeadLetters } from '../../../src/features/redrive/abandoned-dead-letters.ts';
import { LEASE_MS } from '../../../src/streams/work/leases.ts';
import { deadLetterOf, newWork, operator, takeAll } from '../../../src/testing/store/fixtures.ts';
import { openedEngine } from '../../infra/engines/sqlite/opened.ts';

/** Two dead letters that one operator took, and another who looks at them. */
async function bench() {
  const { engine, close } = await openedEngine('append');
  const { store } = engine;
  const [holder, by] = [operator(), operator()];
  const deadLetters = [deadLetterOf(newWork()), deadLetterOf(newWork())];
  for (const deadLetter of deadLetters) await store.putDeadLetter(deadLetter);
  await takeAll(store, holder);
  const abandoned = new AbandonedDeadLetters(store.deadLetters, by);
  for (const { id } of deadLetters) abandoned.add(id);
  const lookAt = async (seconds: number) =>
    (await abandoned.look({}, seconds * 1_000)).map(({ id }) => id).toSorted();
  return { store, holder, abandoned, close, lookAt, ids: deadLetters.map(({ id }) => id) };
}

const LEASE = LEASE_MS / 1_000;

describe('letters that another operator took', () => {
  it('are taken over once a whole lease was watched without a sign of life', async () => {
    const { abandoned, lookAt, ids, close } = await bench();
    for (const seconds of [0, 5, 10, LEASE - 1]) expect(await lookAt(seconds)).toEqual([]);
    expect(await lookAt(LEASE)).toEqual(ids.toSorted());
    expect(abandoned.count).toBe(0);
    await close();
  });

  it('are left to one who shows that he is alive', async () => {
    const { store, holder, lookAt, close } = await bench();
    for (let seconds = 0; seconds <= 3 * LEASE; seconds += 5) {
      expect(await lookAt(seconds)).toEqual([]);
      await store.deadLetters.renew(holder);
    }
    await close();
  });

  it('are not taken over for time in which nobody could look', async () => {
    const { lookAt, close } = await bench();
    expect(await lookAt(0)).toEqual([]);
    expect(await lookAt(10 * LEASE)).toEqual([]);
    await close();
  });

  it('are waited for no longer once they are sent', async () => {
    const { store, holder, abandoned, lookAt, ids, close } = await bench();
    await lookAt(0);
    await store.deadLetters.markSent(holder, ids);
    expect(await lookAt(1)).toEqual([]);
    expect(abandoned.count).toBe(0);
    await close();
  });
});
