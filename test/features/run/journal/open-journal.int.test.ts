import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { openJournal } from '../../../../src/features/run/journal/open-journal.ts';
import { StopController } from '../../../../src/features/run/session/stop-controller.ts';
import { settingsSchema } from '../../../../src/infra/config/settings.ts';
import { headLine } from '../../../../src/infra/journal/segment-head.ts';
import type { JournalNote, JournalRepository } from '../../../../src/stages/store/journal-repository.ts';
import { Alarms } from '../../../../src/streams/alarms.ts';
import { MemoryStore } from '../../../infra/engines/memory/store.ts';
import { MemoryTables } from '../../../infra/engines/memory/tables.ts';
import { fatal, outage } from '../../../support/failures.ts';
import { FakeModel } from '../../../support/fakes/fake-model.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { until } from '../../../support/until.ts';

const ID = '00000000-0000-4000-8000-000000000001';
const MONGO = 'mongodb://localhost:27017';
const ANSWER = { kind: 'look-up', lookUp: {} } as const;

/** The notes of a store whose writes end as those of `tries` do, one after the other, and then at once. */
class Notes implements JournalRepository {
  readonly noted: JournalNote[] = [];
  readonly #tries: Iterator<Promise<void>>;

  constructor(tries: readonly Promise<void>[]) {
    this.#tries = tries.values();
  }

  async note(note: JournalNote): Promise<void> {
    this.noted.push(note);
    await this.#tries.next().value;
  }

  async stored(id: string): Promise<void> {
    await this.#tries.next().value;
    this.noted.splice(0, Number.POSITIVE_INFINITY, ...this.noted.filter((note) => note.id !== id));
  }

  async waiting(): Promise<readonly JournalNote[]> {
    return this.noted;
  }
}

async function bench(mongo: string | undefined, tries: readonly Promise<void>[] = [], pays = true) {
  for (const each of tries) each.catch(() => undefined);
  const data = await tempDir();
  const journals = new Notes(tries);
  const notices: string[] = [];
  const store = new (class extends MemoryStore {
    override readonly journals = journals;
  })(new MemoryTables());
  const open = () =>
    openJournal({
      ...{ settings: settingsSchema.parse({ data, mongo }), namespace: 'n', store, pays },
      identity: { id: ID, version: '1', since: '' },
      ...{ model: new FakeModel(), stop: new StopController().signals, alarms: new Alarms() },
      ...{ logger: pino({ level: 'silent' }), onNotice: (text) => notices.push(text) },
    });
  const files = async () => (await readdir(data)).sort();
  return { data, store, noted: journals.noted, notices, open, files };
}

describe('the journal of a process on a store that several machines share', () => {
  const [FILE, LOCK] = [`n.${ID}.1.journal`, `n.${ID}.journal-lock`];

  it('has its first file, its process is listed, and then it has its note, before anybody is at work', async () => {
    const taken = Promise.withResolvers<void>();
    const { data, store, noted, notices, open, files } = await bench(MONGO, [taken.promise]);
    const steps: string[] = [];
    const opening = open().then((journal) => {
      steps.push('open');
      return journal;
    });
    await until('the note is on its way', () => noted.length > 0);
    expect(await files()).toEqual([FILE, LOCK]);
    expect(await store.workers.list()).toMatchObject([{ worker: { id: ID, stages: [] } }]);
    steps.push('noted');
    taken.resolve();
    const journal = await opening;
    expect(steps).toEqual(['noted', 'open']);
    expect(noted).toMatchObject([{ id: ID, directory: data }]);
    expect(notices).toEqual([]);
    await journal.close();
  });

  it('says once that the start waits, where the note cannot be written at first', async () => {
    const { notices, open } = await bench(MONGO, [Promise.reject(outage()), Promise.reject(outage())]);
    const journal = await open();
    expect(notices).toEqual([expect.stringMatching(/^The start waits for the store.*It is away\.$/)]);
    await journal.close();
  });

  it('goes on without a note that the store refuses, and says that the doctor will not know it', async () => {
    const { notices, open } = await bench(MONGO, [Promise.reject(fatal())]);
    const journal = await open();
    expect(notices).toEqual([expect.stringMatching(/^MongoDB has no note of the journal in .*doctor/)]);
    await journal.close();
  });

  it('lists its process again at each try of the note, which may last longer than a process stays listed', async () => {
    const { store, open } = await bench(MONGO, [Promise.reject(outage())]);
    const shown = vi.spyOn(store.workers, 'show').mockRejectedValueOnce(outage());
    const journal = await open();
    expect(shown).toHaveBeenCalledTimes(2);
    expect(await store.workers.list()).toMatchObject([{ worker: { id: ID, stages: [] } }]);
    await journal.close();
  });

  it('lists no process that ends before anybody was at work', async () => {
    const { store, open } = await bench(MONGO);
    const journal = await open();
    await journal.close();
    expect(await store.workers.list()).toEqual([]);
  });

  it('has neither where nobody makes calls that are paid for', async () => {
    const { noted, open, files } = await bench(MONGO, [], false);
    const journal = await open();
    expect([noted, await files()]).toEqual([[], []]);
    await journal.close();
  });

  it('is open once the note of a dead process, whose answers the store has all, is out', async () => {
    const taken = Promise.withResolvers<void>();
    const { data, noted, open } = await bench(MONGO, [taken.promise]);
    const dead = '00000000-0000-4000-8000-000000000002';
    noted.push({ id: dead, host: 'h', directory: data, since: '' });
    const head = { namespace: 'n', host: 'h', pid: 1, since: '' };
    await writeFile(join(data, `n.${dead}.1.journal`), headLine(head));
    const steps: string[] = [];
    const opening = open().then((journal) => {
      steps.push('open');
      return journal;
    });
    await until('its file is gone', async () => !(await readdir(data)).includes(`n.${dead}.1.journal`));
    steps.push('out');
    taken.resolve();
    const journal = await opening;
    expect(steps).toEqual(['out', 'open']);
    expect(noted).toMatchObject([{ id: ID }]);
    await journal.close();
  });

  it('leaves neither at a clean end', async () => {
    const { noted, open, files } = await bench(MONGO);
    const journal = await open();
    journal.unsaved.keep(ANSWER).drop();
    await journal.close();
    expect([noted, await files()]).toEqual([[], []]);
  });

  it('leaves both at an end without the store, and is noted again for an answer that comes after its end', async () => {
    const { store, noted, open, files } = await bench(MONGO);
    const journal = await open();
    await journal.close();
    expect(noted).toEqual([]);
    journal.unsaved.keep(ANSWER);
    await journal.close();
    expect(noted).toMatchObject([{ id: ID }]);
    expect(await store.workers.list()).toEqual([]);
    expect(await files()).toEqual([`n.${ID}.2.journal`, LOCK]);
  });
});

it('the journal of a process on one machine makes nothing before the first answer', async () => {
  const { open, files } = await bench(undefined);
  const journal = await open();
  expect(await files()).toEqual([]);
  await journal.close();
});
