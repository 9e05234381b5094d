import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eraseFromJournals } from '../../../src/infra/journal/erase-journals.ts';
import type { JournalEntry } from '../../../src/infra/journal/journal-entry.ts';
import { JournalFiles } from '../../../src/infra/journal/journal-files.ts';
import { readSegment } from '../../../src/infra/journal/read-segment.ts';
import type { Arrival } from '../../../src/streams/work/journal.ts';
import { type WorkKey, workIdOf } from '../../../src/streams/work/work.ts';
import { newWork } from '../../../src/testing/store/fixtures.ts';
import { tokenOf } from '../../support/stage/work.ts';
import { tempDir } from '../../support/temp-dir.ts';

const ID = '00000000-0000-4000-8000-000000000001';

const arrivalOf = (work: WorkKey): Arrival => ({
  ...{ kind: 'arrival', stage: 'research', workId: workIdOf(work), token: tokenOf('a.1') },
  ...{ number: 1, startedAt: '2026-01-01T00:00:00.000Z', durationMs: 7, earlier: [] },
  ...{ form: 'completion', codings: '', model: 'asked', recipe: 'recipe', shape: '' },
});

const LOOK_UP = { key: 'k', tool: 'embeddings', atMs: 1, untilMs: 9, sources: [], body: { vector: 'AQI=' } };

describe('erasing a question from journals', () => {
  it('leaves nothing of it, beside the process that appends, and everything of the others', async () => {
    const directory = await tempDir();
    const journal = new JournalFiles({
      ...{ directory, namespace: 'n', id: ID },
      onTrouble: (reason) => expect.unreachable(reason),
      onWritten: () => undefined,
    });
    const [gone, kept, later] = [newWork(), newWork(), newWork()];
    const isGone = (entry: JournalEntry) =>
      entry.kind === 'arrival' && entry.arrival.workId === workIdOf(gone);
    journal.arrived(arrivalOf(kept), [Buffer.from('of the other')]);
    journal.arrived(arrivalOf(gone), [Buffer.from('a secret of somebody')]);
    expect(eraseFromJournals(directory, 'n', isGone)).toBe(1);
    expect(eraseFromJournals(directory, 'n', isGone)).toBe(0);
    journal.arrived(arrivalOf(later), [Buffer.from('of a third')]);
    journal.keep({ kind: 'look-up', lookUp: LOOK_UP });
    expect(eraseFromJournals(directory, 'n', isGone)).toBe(0);
    journal.close();

    const path = join(directory, `n.${ID}.1.journal`);
    const text = await readFile(path, 'latin1');
    expect(text).not.toContain('secret');
    expect(text).not.toContain(gone.questionId);
    const read = readSegment(path, 'n');
    expect(read).toMatchObject({ kind: 'read', damaged: 0 });
    const works = read.kind === 'read' ? read.entries : [];
    expect(works.map((entry) => entry.kind === 'arrival' && entry.arrival.workId)).toEqual([
      ...[kept, later].map(workIdOf),
      false,
    ]);
    expect(works.at(-1)).toEqual({ kind: 'look-up', lookUp: LOOK_UP });
  });
});
