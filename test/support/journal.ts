import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Engine } from '../../src/infra/engines/engine.ts';
import { JournalFiles } from '../../src/infra/journal/journal-files.ts';
import { segmentPath } from '../../src/infra/journal/segment-names.ts';
import {
  type JournalNote,
  type JournalRepository,
  NO_JOURNAL_NOTES,
} from '../../src/stages/store/journal-repository.ts';
import type { Arrival } from '../../src/streams/work/journal.ts';
import type { HeldWork } from '../../src/streams/work/work.ts';

/** Of the process whose journal it is. */
export const JOURNAL_ID = '00000000-0000-4000-8000-000000000001';

type JournalPlace = Readonly<{ directory: string; namespace: string; id?: string }>;

/** A journal that can always be written. */
export function openedJournal({ directory, namespace, id = JOURNAL_ID }: JournalPlace): JournalFiles {
  return new JournalFiles({
    ...{ directory, namespace, id },
    onTrouble: (reason) => expect.unreachable(reason),
    onWritten: () => undefined,
  });
}

export function arrivalOf(held: HeldWork): Arrival {
  return {
    ...{ kind: 'arrival', stage: 'research', ...held },
    ...{ number: 1, startedAt: '2026-01-01T00:00:00.000Z', durationMs: 7, earlier: [] },
    ...{ form: 'completion', codings: '', model: 'asked', recipe: 'recipe', shape: '' },
  };
}

/** An engine whose store has notes of journals that wait, as one that several machines share. */
export function engineWithNotes(engine: Engine, journals: Partial<JournalRepository>): Engine {
  const store = new Proxy(engine.store, {
    get: (of, name): unknown =>
      name === 'journals' ? { ...NO_JOURNAL_NOTES, ...journals } : Reflect.get(of, name),
  });
  return { ...engine, store };
}

export function journalNoteOf(note: Partial<JournalNote>): JournalNote {
  return { id: 'gone', host: 'far', directory: '/data', since: '2026-01-01T00:00:00.000Z', ...note };
}

/** The files that no start of this Millrace can use, and why. */
export async function unusableJournals(directory: string, namespace: string) {
  const head = (about: object) => `${JSON.stringify({ millrace: 'journal', v: 1, namespace, ...about })}\n`;
  const files = [
    [head({ v: 2 }), 'it is of version 2, and this Millrace reads 1: start the one that made it'],
    [head({ namespace: 'other' }), 'it is of the namespace other'],
    ['no journal at all', 'it does not begin as a journal does'],
  ] as const;
  const made = files.map(async ([text, reason], index) => {
    const path = segmentPath(directory, namespace, `${JOURNAL_ID.slice(0, -2)}1${index}`, 1);
    await writeFile(path, text);
    return { path, reason };
  });
  return await Promise.all(made);
}

/** A file that a start has set aside, for a place in it that cannot be read. */
export async function damagedJournal(directory: string, namespace: string): Promise<string> {
  const path = `${segmentPath(directory, namespace, `${JOURNAL_ID.slice(0, -2)}20`, 1)}.damaged`;
  await writeFile(path, `${JSON.stringify({ millrace: 'journal', v: 1, namespace })}\ntorn`);
  return path;
}

/** Files of a directory that hold the text. */
export async function filesWith(directory: string, text: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(directory, { withFileTypes: true }))
    if (entry.isFile() && (await readFile(join(directory, entry.name))).includes(text))
      found.push(entry.name);
  return found;
}
