import { describe, expect, it } from 'vitest';
import type { WorkerState } from '../../src/stages/store/worker-repository.ts';
import { type OpenStore, openForTest } from '../../src/testing/store/fixtures.ts';

/** Of a store that several machines share. */
export function describeJournals(open: OpenStore): void {
  describe('notes of journals', () => {
    const workerOf = (id: string): WorkerState => ({
      ...{ id, host: 'here', pid: 1, version: '0.2.0', since: '2026-01-01T00:00:00.000Z' },
      ...{ stages: [], endpoints: [], alarms: [] },
    });
    const noteOf = (id: string, since: string) => ({ id, host: '$host', directory: '/data', since });

    it('name those whose worker has gone silent, until the store has all of it', async () => {
      const { store } = await openForTest(open);
      const [living, dead, older] = [
        noteOf('a', '2026-01-02'),
        noteOf('b', '2026-01-02'),
        noteOf('c', '2026-01-01'),
      ];
      await store.workers.show(workerOf(living.id));
      for (const note of [living, dead, dead, older]) await store.journals.note(note);
      expect(await store.journals.waiting()).toEqual([older, dead]);
      await store.journals.stored(dead.id);
      await store.journals.stored(dead.id);
      expect(await store.journals.waiting()).toEqual([older]);
      await store.workers.remove(living.id);
      expect(await store.journals.waiting()).toEqual([older, living]);
    });
  });
}
