import { createRequire } from 'node:module';
import { afterEach, expect, it, vi } from 'vitest';
import { patchRequestQueue } from '../../../../../src/infra/engines/kafka/patches/request-queue-patch.ts';
import { describeOnKafka } from '../../../../support/servers/on-servers.ts';
import { until } from '../../../../support/until.ts';
import { Member } from '../consumer/member.ts';
import { numbered, openedTopic } from '../opened.ts';

afterEach(() => vi.restoreAllMocks());

it('a request queue of kafkajs sets a timer for what waits, and none where nothing does', () => {
  patchRequestQueue();
  const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue');
  const timers = vi.spyOn(globalThis, 'setTimeout');
  const queue = new RequestQueue({
    maxInFlightRequests: 1,
    requestTimeout: 1_000,
    logger: { debug: () => undefined },
  });
  queue.checkPendingRequests();
  expect(timers).not.toHaveBeenCalled();
  queue.maybeThrottle(60_000);
  queue.push({ entry: { correlationId: 1 }, expectResponse: true, sendRequest: () => undefined });
  expect(timers).toHaveBeenCalledTimes(1);
  queue.destroy();
});

await describeOnKafka('a reading consumer', (bootstrap) => {
  it('sets no timer of a millisecond or less', async () => {
    const { log, topic, group } = await openedTopic(bootstrap, 3);
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const member = new Member(log, topic, group);
    await member.consumer.start();
    for (const count of [1, 2, 3]) {
      await log.publish(topic, numbered(1, count));
      await until('the record has come', () => member.records.length === count);
    }
    expect(timers.mock.calls.filter(([, delayMs = 0]) => delayMs <= 1)).toEqual([]);
    expect(timers.mock.calls.length).toBeGreaterThan(0);
  });
});
