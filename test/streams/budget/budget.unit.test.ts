import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Allowance } from '../../../src/streams/budget/allowance.ts';
import type { Limit } from '../../../src/streams/budget/amount.ts';
import { Budget, type Reservation } from '../../../src/streams/budget/budget.ts';
import { CallEstimator, type CallSize } from '../../../src/streams/budget/call-estimate.ts';
import { DayAllowance } from '../../../src/streams/budget/day-allowance.ts';
import { NO_USAGE } from '../../../src/streams/failure.ts';
import { isStopping } from '../../../src/streams/stop.ts';
import { FakeSpending } from '../../support/fakes/fake-spending.ts';

/** A token in costs a dollar, a token out two. */
const costOf = (model: string, input: number, output: number) =>
  model === 'unpriced' ? undefined : input + 2 * output;

const sizeOf = (outputTokens: number, inputBytes = 2): CallSize => {
  return { model: 'm', inputBytes, maxOutputTokens: outputTokens, long: false };
};

function budgetWith({ run = {}, day = {} }: { run?: Limit; day?: Limit }, spending = new FakeSpending()) {
  const priced = run.costUsd !== undefined || day.costUsd !== undefined;
  const persist = <T>(write: () => Promise<T>) => write();
  return new Budget({
    run: new Allowance(run),
    day: new DayAllowance({ spending, holder: 'here', limit: day, persist }),
    estimator: new CallEstimator(costOf, priced),
  });
}

const taken = (input: number, output: number) => ({
  usage: { ...NO_USAGE, input, output },
  costUsd: input + 2 * output,
});

describe('a budget', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('lets a call in while what it may take fits beside what is reserved', async () => {
    const budget = budgetWith({ run: { tokens: 10 } });
    const first = await budget.reserve('research', sizeOf(4));
    expect(first).toBeDefined();
    expect(await budget.reserve('research', sizeOf(4))).toBeDefined();
    expect(await budget.reserve('research', sizeOf(4))).toBeUndefined();
    first?.settle(taken(1, 1));
    expect(budget.run.spent).toEqual({ tokens: 2, costUsd: 3 });
    expect(await budget.reserve('research', sizeOf(1))).toBeDefined();
  });

  it('is used up only when no call in flight can make room any more', async () => {
    const budget = budgetWith({ run: { costUsd: 10 } });
    const first = await budget.reserve('research', sizeOf(3));
    await budget.reserve('research', sizeOf(3));
    expect(budget.state.kind).toBe('open');
    first?.settle(taken(1, 3));
    expect(await budget.reserve('research', sizeOf(3))).toBeUndefined();
    expect(budget.state).toEqual({ kind: 'spent', scope: 'run' });
    expect(await budget.reserve('review', sizeOf(1))).toBeDefined();
    expect(budget.state.kind).toBe('open');
  });

  it('that is smaller than any call says what the smallest one needs', async () => {
    const budget = budgetWith({ run: { costUsd: 4 } });
    await budget.reserve('generation', sizeOf(8));
    expect(budget.state).toEqual({ kind: 'spent', scope: 'run', needed: { tokens: 9, costUsd: 17 } });
    await budget.reserve('research', sizeOf(4));
    expect(budget.state).toEqual({ kind: 'spent', scope: 'run', needed: { tokens: 5, costUsd: 9 } });
    (await budget.reserve('review', sizeOf(1)))?.settle(taken(1, 1));
    await budget.reserve('review', sizeOf(1));
    expect(budget.state).toEqual({ kind: 'spent', scope: 'run' });
  });

  it('wakes those who wait when a call ends, and ends their wait when the process stops', async () => {
    const budget = budgetWith({ run: { tokens: 5 } });
    const stop = new AbortController();
    const held = await budget.reserve('research', sizeOf(4));
    const ended: unknown[] = [];
    budget.room(stop.signal).then(() => ended.push('room'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ended).toEqual([]);
    held?.settle(taken(1, 1));
    await vi.advanceTimersByTimeAsync(0);
    expect(ended).toEqual(['room']);
    await budget.reserve('research', sizeOf(1));
    const waiting = budget.room(stop.signal);
    stop.abort();
    await expect(waiting).rejects.toSatisfy(isStopping);
  });

  it('counts at its estimate what nobody can know, and the tokens of a price nobody knows', async () => {
    const budget = budgetWith({ run: { tokens: 100, costUsd: 100 } });
    (await budget.reserve('research', sizeOf(4)))?.settle(undefined);
    expect(budget.run.spent).toEqual({ tokens: 5, costUsd: 9 });
    (await budget.reserve('research', sizeOf(4)))?.settle({ ...taken(1, 1), costUsd: null });
    expect(budget.run.spent).toEqual({ tokens: 7, costUsd: 18 });
  });

  it('leaves nobody waiting whose last chance ended in between', async () => {
    const budget = budgetWith({ run: { tokens: 5 } });
    const held = await budget.reserve('research', sizeOf(4));
    expect(await budget.reserve('research', sizeOf(4))).toBeUndefined();
    held?.settle(taken(1, 4));
    await budget.room(new AbortController().signal);
    await budget.reserve('research', sizeOf(4));
    expect(budget.state.kind).toBe('spent');
  });

  it('of a day is used up although many ask at the same moment', async () => {
    const budget = budgetWith({ day: { tokens: 5 } });
    const held = await budget.reserve('research', sizeOf(4));
    const asked = Array.from({ length: 20 }, () => budget.reserve('research', sizeOf(4)));
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 20 }, () => undefined));
    expect(budget.state.kind).toBe('open');
    held?.settle(taken(1, 4));
    await Promise.all(Array.from({ length: 20 }, () => budget.reserve('research', sizeOf(4))));
    expect(budget.state).toEqual({ kind: 'spent', scope: 'day' });
  });

  it('refuses a model of unknown price where money is limited, and says what to do', async () => {
    const size = { ...sizeOf(1), model: 'unpriced' };
    await expect(budgetWith({ run: { costUsd: 1 } }).reserve('research', size)).rejects.toMatchObject({
      kind: 'fatal',
      code: 'bad_budget',
      message: expect.stringMatching(/unpriced.*prices.*--max-tokens/s),
    });
    expect(await budgetWith({ run: { tokens: 9 } }).reserve('research', size)).toBeDefined();
  });

  it('counts what is spent where nothing is limited', async () => {
    const spending = new FakeSpending();
    const budget = budgetWith({}, spending);
    expect(budget.limited).toBe(false);
    (await budget.reserve('research', undefined))?.settle(taken(3, 2));
    await budget.close();
    expect(await budget.day.total()).toMatchObject({ spent: { tokens: 5, costUsd: 7 } });
  });

  it('is never passed by calls that take no more than their estimate, whatever the order of beginnings and ends', async () => {
    const step = fc.record({ stage: fc.nat(2), output: fc.integer({ min: 1, max: 9 }), end: fc.nat(9) });
    const limit = fc.integer({ min: 1, max: 60 });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), limit, limit, async (steps, tokens, costUsd) => {
        const budget = budgetWith({ run: { tokens }, day: { costUsd } });
        const open: { reservation: Reservation; output: number }[] = [];
        for (const { stage, output, end } of steps) {
          const reservation = await budget.reserve(`stage ${stage}`, sizeOf(output));
          if (reservation !== undefined) open.push({ reservation, output });
          const [ending] = open.splice(end, 1);
          ending?.reservation.settle(taken(1, ending.output));
          const { spent, reserved } = budget.run;
          expect(spent.tokens + reserved.tokens).toBeLessThanOrEqual(tokens);
          expect(spent.costUsd + reserved.costUsd).toBeLessThanOrEqual(costUsd + 1e-6);
        }
        for (const { reservation, output } of open) reservation.settle(taken(1, output));
        expect(budget.run.reserved).toEqual({ tokens: 0, costUsd: 0 });
        expect(budget.run.spent.tokens).toBeLessThanOrEqual(tokens);
      }),
    );
  });
});
