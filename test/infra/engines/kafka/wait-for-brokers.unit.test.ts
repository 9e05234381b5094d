import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { waitForBrokers } from '../../../../src/infra/engines/kafka/wait-for-brokers.ts';
import { Failure } from '../../../../src/streams/failure.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('who waits for brokers without an end gives up on a refusal that lasts longer than such a one may', async () => {
  const refused = new Failure('outage', 'kafka_refused', 'No right to read.', { fatalAfterMs: 60_000 });
  const onWait = vi.fn();
  const join = vi.fn().mockRejectedValue(refused);
  const ended = waitForBrokers(join, { withinMs: Number.POSITIVE_INFINITY, onWait }).catch(
    (error: unknown) => error,
  );
  await vi.advanceTimersByTimeAsync(59_000);
  expect(onWait).toHaveBeenLastCalledWith(refused, join.mock.calls.length);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await ended).toMatchObject({ kind: 'fatal', code: 'kafka_refused', message: 'No right to read.' });
  expect(vi.getTimerCount()).toBe(0);
});
