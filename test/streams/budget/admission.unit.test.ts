import { expect, it } from 'vitest';
import { admit } from '../../../src/streams/budget/admission.ts';
import { Allowance } from '../../../src/streams/budget/allowance.ts';
import { Budget } from '../../../src/streams/budget/budget.ts';
import { CallEstimator } from '../../../src/streams/budget/call-estimate.ts';
import { DayAllowance } from '../../../src/streams/budget/day-allowance.ts';
import { NO_TOKENS } from '../../../src/streams/budget/token-estimate.ts';
import { claimLost, isClaimLost } from '../../../src/streams/work/claim-lost.ts';
import { FakeSpendBook } from '../../support/fakes/fake-spend-book.ts';
import { testStop } from '../../support/stage/stop-signals.ts';
import { testEndpoint } from '../../support/stage/test-endpoint.ts';

it('a call that must not be made any more gives back its permit, and all that was reserved for it', async () => {
  const { signals } = testStop();
  const { gate, endpoint } = testEndpoint(1, signals.draining);
  const persist = <T>(write: () => Promise<T>) => write();
  const budget = new Budget({
    run: new Allowance({ tokens: 100 }),
    day: new DayAllowance({ book: new FakeSpendBook(), holder: 'here', limit: {}, persist }),
    estimator: new CallEstimator(() => 0, false),
  });
  const size = { model: 'm', inputBytes: 2, maxOutputTokens: 90, long: false };
  const admission = admit({
    gate,
    request: { tokens: NO_TOKENS, again: false, signal: signals.draining },
    spending: { budget, sizeOf: async () => size, reserve: () => budget.reserve('research', size) },
    context: { number: 1, previous: undefined, signal: signals.aborted },
    confirm: () => Promise.reject(claimLost()),
    signal: signals.draining,
  });
  await expect(admission).rejects.toSatisfy(isClaimLost);
  expect(endpoint.state.inFlight).toBe(0);
  expect(budget.run.spent).toEqual({ tokens: 0, costUsd: 0 });
  expect(await budget.reserve('research', size)).toBeDefined();
});
