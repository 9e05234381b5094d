import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AttemptContext, AttemptResult } from '../../../src/streams/delivery/stage.ts';
import { Failure } from '../../../src/streams/failure.ts';
import { isStopping, stopping } from '../../../src/streams/stop.ts';
import { MAX_KEPT_REPLY } from '../../../src/streams/work/attempts.ts';
import { retryPolicy } from '../../../src/streams/work/retry-policy.ts';
import type { Attempt, Finished } from '../../../src/streams/work/work.ts';
import { content, fatal, NO_USAGE, outage, outageSignal, poison, transient } from '../../support/failures.ts';
import { callWithRetry } from '../../support/stage/call-with-retry.ts';
import { testStop } from '../../support/stage/stop-signals.ts';
import { testEndpoint } from '../../support/stage/test-endpoint.ts';
import { attemptResult } from '../../support/stage/work.ts';

type Script = readonly (Failure | AttemptResult<string> | 'hang')[];

/** A call whose attempts go as the script says; the last line of it goes on for ever. */
function callBy(script: Script, { permits = 1 } = {}) {
  const stop = testStop();
  const contexts: AttemptContext[] = [];
  const kept: Attempt[] = [];
  const { gate, circuit, endpoint } = testEndpoint(permits, stop.signals.draining);
  const start = () =>
    callWithRetry({
      gate,
      policy: retryPolicy({ random: () => 0.5 }),
      stop: stop.signals,
      attempt: async (context) => {
        contexts.push(context);
        const line = script[Math.min(contexts.length, script.length) - 1];
        if (line instanceof Failure) throw line;
        if (line !== undefined && line !== 'hang') return line;
        return new Promise<never>((_, reject) => {
          context.signal.addEventListener('abort', () => reject(stopping()));
        });
      },
      onFailedAttempt: async (attempt) => void kept.push(attempt),
    });
  const ended: { finished?: Finished<string>; error?: unknown } = {};
  const call = () =>
    void start().then(
      (finished) => {
        ended.finished = finished;
      },
      (error: unknown) => {
        ended.error = error;
      },
    );
  const inFlight = () => endpoint.state.inFlight;
  return { call, contexts, kept, inFlight, circuit, stop, ended };
}

const ok = attemptResult('answer');
const soon = () => vi.advanceTimersByTimeAsync(0);

describe('a call with retries', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('makes attempts until one succeeds, and lists them all', async () => {
    const { call, ended, contexts, kept } = callBy([transient(), transient(), ok]);
    call();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(contexts.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(ended.finished?.result).toBe('answer');
    expect(ended.finished?.attempts.map(({ number, outcome }) => [number, outcome])).toEqual([
      [1, 'transient'],
      [2, 'transient'],
      [3, 'ok'],
    ]);
    expect(kept).toEqual(ended.finished?.attempts.slice(0, 2));
  });

  it('holds no permit during a backoff', async () => {
    const { call, inFlight, contexts } = callBy([transient({ retryAfterMs: 10_000 }), 'hang']);
    call();
    await soon();
    expect(inFlight()).toBe(0);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(contexts).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(contexts).toHaveLength(2);
    expect(inFlight()).toBe(1);
  });

  it('tells each attempt why the one before failed', async () => {
    const [first, second] = [transient(), content()];
    const { call, contexts } = callBy([first, second, ok]);
    call();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(contexts.map(({ previous }) => previous)).toEqual([undefined, first, second]);
  });

  it('still knows what the model has to mend after a transient failure in between', async () => {
    const [first, second] = [content(), transient()];
    const { call, contexts } = callBy([first, second, ok]);
    call();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(contexts.map(({ previous }) => previous)).toEqual([undefined, first, first]);
  });

  it('adds up usage and cost of all attempts: failed answers were paid for as well', async () => {
    const { call, ended, kept } = callBy([content(), transient(), ok]);
    call();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ended.finished).toMatchObject({
      usage: { input: 110, output: 24, cached: 5, reasoning: 4 },
      costUsd: 1.5,
    });
    expect(kept[0]).toMatchObject({ outcome: 'content', code: 'not_json', reply: 'no json', costUsd: 0.5 });
    expect(kept[1]).toMatchObject({ outcome: 'transient', usage: NO_USAGE, costUsd: 0, reply: '' });
  });

  it('does not pass off as known what a call of unknown price cost', async () => {
    const { call, ended } = callBy([content({ costUsd: null }), ok]);
    call();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ended.finished?.costUsd).toBeNull();
  });

  it('keeps a bounded part of each raw reply', async () => {
    const { call, ended } = callBy([
      content({ text: 'x'.repeat(100_000) }),
      attemptResult('a', { reply: 'y'.repeat(100_000) }),
    ]);
    call();
    await vi.advanceTimersByTimeAsync(60_000);
    const lengths = ended.finished?.attempts.map(({ reply }) => reply.length);
    expect(lengths).toEqual([MAX_KEPT_REPLY, MAX_KEPT_REPLY]);
  });

  it('gives up with the last failure after the attempts that are allowed', async () => {
    const last = transient();
    const { call, ended, contexts } = callBy([last]);
    call();
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(contexts).toHaveLength(8);
    expect(ended.error).toBe(last);
  });

  it.each([
    ['poison', poison()],
    ['a fatal failure', fatal()],
  ])('makes one attempt at %s', async (_, failure) => {
    const { call, ended, contexts, inFlight } = callBy([failure]);
    call();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(contexts).toHaveLength(1);
    expect(ended.error).toBe(failure);
    expect(inFlight()).toBe(0);
  });

  it('takes what nobody classified for fatal', async () => {
    const stop = testStop();
    const { gate } = testEndpoint(1, stop.signals.draining);
    const attempt = async () => {
      throw new RangeError('a defect');
    };
    const policy = retryPolicy();
    const onFailedAttempt = async () => undefined;
    const call = callWithRetry({ gate, policy, stop: stop.signals, attempt, onFailedAttempt });
    await expect(call).rejects.toMatchObject({ kind: 'fatal', code: 'unexpected' });
  });

  it('waits out an outage of any length without burning attempts', async () => {
    const outages = Array.from({ length: 40 }, () => outageSignal());
    const { call, ended, contexts } = callBy([...outages, ok]);
    call();
    await vi.advanceTimersByTimeAsync(2 * 3_600_000);
    expect(ended.finished?.result).toBe('answer');
    expect(contexts).toHaveLength(41);
  });

  it('does not make an attempt after one that could not be kept', async () => {
    const stop = testStop();
    const { gate } = testEndpoint(1, stop.signals.draining);
    const attempt = vi.fn(async () => {
      throw transient();
    });
    const onFailedAttempt = async () => {
      throw new Failure('fatal', 'disk_full', 'The disk is full.');
    };
    const call = callWithRetry({
      gate,
      policy: retryPolicy(),
      stop: stop.signals,
      attempt,
      onFailedAttempt,
    });
    await expect(call).rejects.toMatchObject({ code: 'disk_full' });
    expect(attempt).toHaveBeenCalledOnce();
  });

  it('ends a backoff when the process drains, and leaves no timer', async () => {
    const { call, ended, stop } = callBy([transient({ retryAfterMs: 3_600_000 })]);
    call();
    await soon();
    stop.drain();
    await soon();
    expect(isStopping(ended.error)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends a wait at the gate when the process drains', async () => {
    const { call, ended, contexts, stop, circuit } = callBy([ok]);
    circuit.onOutage(outage());
    call();
    await soon();
    stop.drain();
    await soon();
    expect(isStopping(ended.error)).toBe(true);
    expect(contexts).toHaveLength(0);
  });

  it('leaves a call in flight alone when the process drains', async () => {
    const { call, ended, contexts, stop } = callBy(['hang']);
    call();
    await soon();
    stop.drain();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(contexts[0]?.signal.aborted).toBe(false);
    expect(ended).toEqual({});
  });

  it('cuts a call in flight when the process must stop now, and counts no attempt', async () => {
    const { call, ended, kept, stop, inFlight } = callBy(['hang']);
    call();
    await soon();
    stop.abort();
    await soon();
    expect(isStopping(ended.error)).toBe(true);
    expect(kept).toEqual([]);
    expect(inFlight()).toBe(0);
  });
});
