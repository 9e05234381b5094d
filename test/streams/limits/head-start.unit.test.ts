import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withHeadStart } from '../../../src/streams/limits/head-start.ts';
import { isStopping } from '../../../src/streams/stop.ts';
import { aCall, testEndpoint } from '../../support/stage/test-endpoint.ts';

function starting(most: number, inFlight = 0) {
  const stop = new AbortController();
  const { gate } = testEndpoint(100, stop.signal);
  const first = Promise.withResolvers<void>();
  const later = { firstAnswer: first.promise, state: { inFlight } };
  const started = withHeadStart(gate, most, [later]);
  let entered = 0;
  const enter = (call = aCall) => started.enter(call).then(() => (entered += 1));
  return { enter, answer: first.resolve, entered: () => entered, gate };
}

describe('a head start', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('lets no more works in than it has, until the later endpoint has answered', async () => {
    const { enter, answer, entered } = starting(2, 1);
    for (let call = 0; call < 5; call += 1) void enter();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(entered()).toBe(2);
    answer();
    await vi.advanceTimersByTimeAsync(0);
    expect(entered()).toBe(5);
  });

  it('counts works: who is let in is let in again', async () => {
    const { enter, entered } = starting(1);
    void enter();
    for (let call = 0; call < 3; call += 1) void enter({ ...aCall, again: true });
    await vi.advanceTimersByTimeAsync(0);
    expect(entered()).toBe(4);
  });

  it('ends by itself where nothing reaches the later endpoint', async () => {
    const { enter, entered } = starting(1);
    void enter();
    void enter();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(entered()).toBe(2);
  });

  it('keeps nobody waiting who stops', async () => {
    const { enter } = starting(0);
    const own = new AbortController();
    const refused = enter({ ...aCall, signal: own.signal }).catch(isStopping);
    own.abort();
    await expect(refused).resolves.toBe(true);
  });

  it('is nothing where no other endpoint comes later', () => {
    const { gate } = starting(1);
    expect(withHeadStart(gate, 1, [])).toBe(gate);
  });
});
