import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Failure } from '../../../src/streams/failure.ts';
import { outage, outageSignal, transient } from '../../support/failures.ts';
import type { StoreCall } from '../../support/fakes/fake-work-store.ts';
import { keyOf, questionRecord } from '../../support/stage/test-stage.ts';
import { attemptResult } from '../../support/stage/work.ts';
import { workBench } from '../../support/stage/work-bench.ts';

const q1 = questionRecord('q1');
const LONG_MS = 3_600_000;

const never = () => new Promise<never>(() => undefined);
const later = () => vi.advanceTimersByTimeAsync(LONG_MS);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a record in hand', () => {
  it.each<StoreCall>(['claim', 'complete'])('stands still from when a %s got no answer on', async (call) => {
    const { work, store, inHand } = workBench();
    vi.spyOn(store, call).mockImplementation(never);
    const atMs = performance.now();
    void work(q1);
    await later();
    expect(inHand.oldest).toEqual({ record: q1, sinceMs: atMs });
  });

  it('stands still when a publish, a status, a failed attempt or a dead letter of it got no answer', async () => {
    const run = async () => {
      throw transient();
    };
    const forgets: readonly ((bench: ReturnType<typeof workBench>) => unknown)[] = [
      ({ log }) => vi.spyOn(log, 'publish').mockImplementation(never),
      ({ questions }) => vi.spyOn(questions, 'move').mockImplementation(never),
    ];
    const ofFailed: typeof forgets = [
      ({ store }) => vi.spyOn(store, 'recordAttempt').mockImplementation(never),
      ({ questions }) => vi.spyOn(questions, 'putDeadLetter').mockImplementation(never),
      ({ store }) => vi.spyOn(store, 'bury').mockImplementation(never),
    ];
    const benches = [...forgets.map(() => workBench()), ...ofFailed.map(() => workBench({ run }))];
    for (const [index, forget] of [...forgets, ...ofFailed].entries()) {
      const bench = benches[index];
      if (bench === undefined) continue;
      forget(bench);
      void bench.work(q1);
      await later();
      expect(bench.inHand.oldest?.record, `forgotten ${index}`).toBe(q1);
    }
  });

  it('is told of while its neighbours go on', async () => {
    const { work, store, inHand } = workBench();
    vi.spyOn(store, 'complete').mockImplementationOnce(never);
    void work(q1);
    for (let count = 2; count < 50; count += 1) await work(questionRecord(`q${count}`));
    expect(inHand.oldest?.record).toBe(q1);
  });

  it('need not move during a call, however long it takes', async () => {
    const { work, inHand } = workBench({ run: never });
    void work(q1);
    await later();
    expect(inHand.oldest).toBeUndefined();
  });

  it.each<[string, Failure]>([
    ['a server that asked for an hour', transient({ retryAfterMs: 2 * LONG_MS })],
    ['a rate limit', transient({ retryAfterMs: 2 * LONG_MS, pressure: 'rate-limit' })],
    ['an outage', outage()],
  ])('need not move while it waits out %s', async (_why, failure) => {
    const run = async () => {
      throw failure;
    };
    const { work, inHand } = workBench({ run });
    void work(q1);
    for (let count = 0; count < 20; count += 1) {
      await vi.advanceTimersByTimeAsync(1_000 * count);
      expect(inHand.oldest).toBeUndefined();
    }
  });

  it('need not move while a circuit is open or no permit is free', async () => {
    const { work, circuit, inHand } = workBench({ run: never });
    for (let count = 0; count < 11; count += 1) void work(questionRecord(`busy${count}`));
    for (let count = 0; count < 5; count += 1) circuit.onOutage(outageSignal());
    void work(q1);
    await vi.advanceTimersByTimeAsync(500);
    expect(inHand.oldest).toBeUndefined();
  });

  it('need not move while another worker holds its claim and shows that it is alive', async () => {
    const { work, store, inHand } = workBench();
    const row = store.put(keyOf('q1'), {});
    void work(q1);
    for (let count = 0; count < 100; count += 1) {
      row.renewal += 1;
      await vi.advanceTimersByTimeAsync(5_300);
      expect(inHand.oldest).toBeUndefined();
    }
    vi.spyOn(store, 'claim').mockImplementation(never);
    await later();
    expect(inHand.oldest?.record).toBe(q1);
  });

  it('is forgotten when it ends, well, badly or not at all', async () => {
    const { work, stop, inHand } = workBench({ run: async ({ question }) => attemptResult(question) });
    await work(q1);
    await work(questionRecord('q2', { value: 'no message' }));
    stop.drain();
    await work(questionRecord('q3'));
    expect(inHand.oldest).toBeUndefined();
  });
});
