import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { WorkerState } from '../../stages/store/worker-repository.ts';
import { type OpenStore, openForTest } from './fixtures.ts';

export function describeWorkers(open: OpenStore): void {
  describe('workers', () => {
    it('are listed as they showed themselves last, to every process', async () => {
      const { store, reopen } = await openForTest(open);
      const worker = workerOf('b');
      await store.workers.show(worker);
      await store.workers.show({ ...worker, pid: 7 });
      await store.workers.show(workerOf('a'));
      const listed = await (await reopen()).workers.list();
      expect(listed.map((each) => each.worker)).toEqual([workerOf('a'), { ...worker, pid: 7 }]);
      for (const { seenSecondsAgo } of listed) expect(seenSecondsAgo).toBeGreaterThanOrEqual(0);
    });

    it('are taken out when they end, again and again if need be', async () => {
      const { store } = await openForTest(open);
      await store.workers.show(workerOf('a'));
      await store.workers.remove('a');
      await store.workers.remove('a');
      await store.workers.remove(randomUUID());
      expect(await store.workers.list()).toEqual([]);
    });

    it('may carry any text', async () => {
      const { store } = await openForTest(open);
      const alarm = { kind: '$kind', subject: 'a.b', text: '$$NOW "quoted" ✓', since: '2026-01-01' };
      const worker = { ...workerOf('$id'), host: '$host', alarms: [alarm] };
      await store.workers.show(worker);
      expect((await store.workers.list())[0]?.worker).toEqual(worker);
    });
  });
}

function workerOf(id: string): WorkerState {
  return {
    id,
    host: 'here',
    pid: 1,
    version: '0.1.0',
    since: '2026-01-01T00:00:00.000Z',
    stages: [{ stage: 'research', partitions: 3, inHand: 12, inFlight: 5 }],
    endpoints: [
      {
        endpoint: 'https://model',
        circuit: 'open',
        cause: 'It is away.',
        limit: 4,
        ceiling: 10,
        inFlight: 0,
      },
    ],
    alarms: [],
  };
}
