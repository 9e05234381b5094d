import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DayAllowance, type DayHold } from '../../../src/streams/budget/day-allowance.ts';
import { FakeSpending } from '../../support/fakes/fake-spending.ts';

const persist = <T>(write: () => Promise<T>) => write();
const amount = (tokens: number) => ({ tokens, costUsd: 0 });

function allowance(spending: FakeSpending, holder: string, tokens?: number, now?: () => Date) {
  const options = { spending, holder, limit: { tokens }, persist };
  return new DayAllowance(now === undefined ? options : { ...options, now });
}

describe('a day of several processes', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('writes what it holds before a call may start, and asks seldom while there is much room', async () => {
    const doings: string[] = [];
    const spending = new FakeSpending(async (doing) => void doings.push(doing));
    const day = allowance(spending, 'a', 100_000);
    await day.reserve(amount(10));
    expect((await spending.total(day.today)).held.tokens).toBeGreaterThanOrEqual(10);
    for (let call = 0; call < 39; call += 1) await day.reserve(amount(10));
    expect((await spending.total(day.today)).held.tokens).toBeGreaterThanOrEqual(400);
    expect(doings.filter((doing) => doing.startsWith('put')).length).toBeLessThan(6);
  });

  it('leaves to the others what it holds no longer', async () => {
    const spending = new FakeSpending();
    const [a, b] = [allowance(spending, 'a', 100), allowance(spending, 'b', 100)];
    const hold = await a.reserve(amount(100));
    expect(await b.reserve(amount(10))).toBeUndefined();
    hold?.settle(amount(40));
    await vi.advanceTimersByTimeAsync(1_500);
    expect(await b.reserve(amount(60))).toBeDefined();
    expect(await b.reserve(amount(1))).toBeUndefined();
  });

  it('counts what a process held that was killed, until the day is over', async () => {
    const spending = new FakeSpending();
    let now = new Date('2026-01-31T23:59:00Z');
    await allowance(spending, 'killed', 100, () => now).reserve(amount(90));
    const next = allowance(spending, 'next', 100, () => now);
    expect(await next.reserve(amount(20))).toBeUndefined();
    now = new Date('2026-02-01T00:00:00Z');
    expect(await next.reserve(amount(20))).toBeDefined();
  });

  it('settles a call on the day it began', async () => {
    const spending = new FakeSpending();
    let now = new Date('2026-01-31T23:59:00Z');
    const day = allowance(spending, 'a', 100, () => now);
    const hold = await day.reserve(amount(90));
    now = new Date('2026-02-01T00:00:00Z');
    hold?.settle(amount(50));
    await day.close();
    expect((await spending.total('2026-01-31')).spent.tokens).toBe(50);
    expect((await spending.total('2026-02-01')).spent.tokens).toBe(0);
  });

  it('writes spending down within seconds where nothing is limited, so that a later limit knows of it', async () => {
    const spending = new FakeSpending();
    const day = allowance(spending, 'a');
    (await day.reserve(amount(0)))?.settle(amount(70));
    await vi.advanceTimersByTimeAsync(1_500);
    const limited = allowance(spending, 'b', 100);
    expect(await limited.reserve(amount(40))).toBeUndefined();
    expect(await limited.reserve(amount(30))).toBeDefined();
  });
});

describe('the limit of a day', () => {
  it('holds for any number of processes, in every order of their writes and reads', async () => {
    const calls = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(calls, { minLength: 2, maxLength: 4 }),
        async (scheduler, plan) => {
          const limit = 60;
          const spending = new FakeSpending((doing) => scheduler.schedule(Promise.resolve(), doing));
          const days = plan.map((_, index) => allowance(spending, `p${index}`, limit));
          let taken = 0;
          let highest = 0;
          const work = plan.map(async (tokens, index) => {
            const holds: DayHold[] = [];
            for (const each of tokens) {
              const hold = await days[index]?.reserve(amount(each));
              if (hold === undefined) continue;
              taken += each;
              highest = Math.max(highest, taken);
              holds.push(hold);
            }
            return holds;
          });
          await scheduler.waitFor(Promise.all(work));
          expect(highest).toBeLessThanOrEqual(limit);
        },
      ),
      { numRuns: 200 },
    );
  });
});
