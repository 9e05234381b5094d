import { randomUUID } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { openMongoStore } from '../../../src/infra/mongo/mongo-store.ts';
import type { WorkerState } from '../../../src/stages/worker-book.ts';
import { describeOnMongo } from '../../support/servers/on-servers.ts';

const workerOf = (id: string): WorkerState => ({
  ...{ id, host: 'here', pid: 1, version: '0.2.0', since: '2026-01-01T00:00:00.000Z' },
  ...{ stages: [], endpoints: [], alarms: [] },
});
const noteOf = (id: string, since: string) => ({ id, host: '$host', directory: '/data', since });

await describeOnMongo('notes of journals', (uri) => {
  it('name those whose worker has gone silent, until the store has all of it', async () => {
    const namespace = `journals-${randomUUID().slice(0, 8)}`;
    const store = await openMongoStore({ uri, namespace, onNotice: () => undefined });
    onTestFinished(() => store.close());
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
