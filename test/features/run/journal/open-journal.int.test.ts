import { readdir } from 'node:fs/promises';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { openJournal } from '../../../../src/features/run/journal/open-journal.ts';
import { StopController } from '../../../../src/features/run/session/stop-controller.ts';
import { settingsSchema } from '../../../../src/infra/config/settings.ts';
import type { JournalNote, JournalRepository } from '../../../../src/stages/store/journal-repository.ts';
import { Alarms } from '../../../../src/streams/alarms.ts';
import { MemoryStore } from '../../../infra/engines/memory/store.ts';
import { MemoryTables } from '../../../infra/engines/memory/tables.ts';
import { FakeModel } from '../../../support/fakes/fake-model.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { until } from '../../../support/until.ts';

const ID = '00000000-0000-4000-8000-000000000001';
const MONGO = 'mongodb://localhost:27017';
const ANSWER = { kind: 'look-up', lookUp: {} } as const;

/** The notes of a store whose writes take until `taken`. */
class Notes implements JournalRepository {
  readonly noted: JournalNote[] = [];
  readonly #taken: Promise<void>;

  constructor(taken: Promise<void>) {
    this.#taken = taken;
  }

  async note(note: JournalNote): Promise<void> {
    this.noted.push(note);
    await this.#taken;
  }

  async stored(id: string): Promise<void> {
    this.noted.splice(0, Number.POSITIVE_INFINITY, ...this.noted.filter((note) => note.id !== id));
  }

  async waiting(): Promise<readonly JournalNote[]> {
    return this.noted;
  }
}

async function bench(mongo: string | undefined, taken = Promise.resolve()) {
  const data = await tempDir();
  const journals = new Notes(taken);
  const store = new (class extends MemoryStore {
    override readonly journals = journals;
  })(new MemoryTables());
  const open = () =>
    openJournal({
      ...{ settings: settingsSchema.parse({ data, mongo }), namespace: 'n', id: ID, store },
      ...{ model: new FakeModel(), stop: new StopController().signals, alarms: new Alarms() },
      ...{ logger: pino({ level: 'silent' }), onNotice: (text) => expect.unreachable(text) },
    });
  const files = async () => (await readdir(data)).sort();
  return { data, noted: journals.noted, open, files };
}

describe('the journal of a process on a store that several machines share', () => {
  const [FILE, LOCK] = [`n.${ID}.1.journal`, `n.${ID}.journal-lock`];

  it('has its first file, and then its note, before anybody is at work', async () => {
    const taken = Promise.withResolvers<void>();
    const { data, noted, open, files } = await bench(MONGO, taken.promise);
    const steps: string[] = [];
    const opening = open().then((journal) => {
      steps.push('open');
      return journal;
    });
    await until('the note is on its way', () => noted.length > 0);
    expect(await files()).toEqual([FILE, LOCK]);
    steps.push('noted');
    taken.resolve();
    const journal = await opening;
    expect(steps).toEqual(['noted', 'open']);
    expect(noted).toMatchObject([{ id: ID, directory: data }]);
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
    const { noted, open, files } = await bench(MONGO);
    const journal = await open();
    await journal.close();
    expect(noted).toEqual([]);
    journal.unsaved.keep(ANSWER);
    await journal.close();
    expect(noted).toMatchObject([{ id: ID }]);
    expect(await files()).toEqual([`n.${ID}.2.journal`, LOCK]);
  });
});

it('the journal of a process on one machine makes nothing before the first answer', async () => {
  const { open, files } = await bench(undefined);
  const journal = await open();
  expect(await files()).toEqual([]);
  await journal.close();
});
