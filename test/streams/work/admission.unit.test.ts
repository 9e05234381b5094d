import { expect, it } from 'vitest';
import { Allowance } from '../../../src/streams/budget/allowance.ts';
import { Budget } from '../../../src/streams/budget/budget.ts';
import { CallEstimator } from '../../../src/streams/budget/call-estimate.ts';
import { DayAllowance } from '../../../src/streams/budget/day-allowance.ts';
import { isClaimLost } from '../../../src/streams/work/claim-lost.ts';
import { retryPolicy } from '../../../src/streams/work/retry-policy.ts';
import { FakeSpending } from '../../support/fakes/fake-spending.ts';
import { callWithRetry } from '../../support/stage/call-with-retry.ts';
import { testStop } from '../../support/stage/stop-signals.ts';
import { testEndpoint } from '../../support/stage/test-endpoint.ts';

it('a call that must not be made any more gives back its permit, and all that was reserved for it', async () => {
  const { signals } = testStop();
  const { gate, endpoint } = testEndpoint(1, signals.draining);
  const persist = <T>(write: () => Promise<T>) => write();
  const budget = new Budget({
    run: new Allowance({ tokens: 100 }),
    day: new DayAllowance({ spending: new FakeSpending(), holder: 'here', limit: {}, persist }),
    estimator: new CallEstimator(() => 0, false),
  });
  const size = { model: 'm', inputBytes: 2, maxOutputTokens: 90, long: false };
  const admission = callWithRetry({
    gate,
    budget,
    size,
    lost: true,
    policy: retryPolicy(),
    stop: signals,
    attempt: () => expect.unreachable(),
    onFailedAttempt: () => expect.unreachable(),
  });
  await expect(admission).rejects.toSatisfy(isClaimLost);
  expect(endpoint.state.inFlight).toBe(0);
  expect(budget.run.spent).toEqual({ tokens: 0, costUsd: 0 });
  expect(await budget.reserve('research', size)).toBeDefined();
});
