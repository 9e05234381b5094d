import { appendFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eraseFromJournals, type Unerased } from '../../../src/infra/journal/erase-journals.ts';
import type { JournalEntry } from '../../../src/infra/journal/journal-entry.ts';
import { readSegment } from '../../../src/infra/journal/read-segment.ts';
import { type WorkKey, workIdOf } from '../../../src/streams/work/work.ts';
import { finishedWith, newWork, research } from '../../../src/testing/store/fixtures.ts';
import {
  arrivalOf,
  damagedJournal,
  filesWith,
  JOURNAL_ID,
  openedJournal,
  unusableJournals,
} from '../../support/journal.ts';
import { spillLine } from '../../support/stage/spill-line.ts';
import { tokenOf } from '../../support/stage/work.ts';
import { tempDir } from '../../support/temp-dir.ts';

const LOOK_UP = { key: 'k', tool: 'embeddings', atMs: 1, untilMs: 9, sources: [], body: { vector: 'AQI=' } };

const arrivedAt = (work: WorkKey) => arrivalOf({ workId: workIdOf(work), token: tokenOf('a.1') });

const byPath = (a: Unerased, b: Unerased) => (a.path < b.path ? -1 : 1);

/** A journal, and where its first file is. */
async function bench() {
  const directory = await tempDir();
  const path = join(directory, `n.${JOURNAL_ID}.1.journal`);
  return { directory, path, journal: openedJournal({ directory, namespace: 'n' }) };
}

describe('erasing a question from journals', () => {
  it('leaves nothing of it, beside the process that appends, and everything of the others', async () => {
    const { directory, path, journal } = await bench();
    const [gone, kept, later] = [newWork(), newWork(), newWork()];
    const isGone = (entry: JournalEntry) =>
      entry.kind === 'arrival' && entry.arrival.workId === workIdOf(gone);
    const erased = () => eraseFromJournals(directory, 'n', isGone);
    journal.arrived(arrivedAt(kept), [Buffer.from('of the other')]);
    journal.arrived(arrivedAt(gone), [Buffer.from('a secret of somebody')]);
    expect(erased()).toMatchObject({ entries: 1, unerased: [] });
    expect(erased()).toMatchObject({ entries: 0, unerased: [] });
    journal.arrived(arrivedAt(later), [Buffer.from('of a third')]);
    journal.keep({ kind: 'look-up', lookUp: LOOK_UP });
    expect(erased()).toMatchObject({ entries: 0, unerased: [] });
    journal.close();

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

  it('hurts nothing that its process writes into an emptied file meanwhile', async () => {
    const { directory, path, journal } = await bench();
    const [gone, paid] = [newWork(), newWork()];
    const long = Buffer.from('of somebody '.repeat(10_000));
    const first = journal.arrived(arrivedAt(gone), [long]);
    let looks = 0;
    const erased = eraseFromJournals(directory, 'n', (entry) => {
      looks += 1;
      if (looks === 1) {
        first.drop();
        journal.arrived(arrivedAt(paid), [Buffer.from('paid '.repeat(10_000))]);
        journal.arrived(arrivedAt(gone), [long]);
      }
      return entry.kind === 'arrival' && entry.arrival.workId === workIdOf(gone);
    });
    expect(erased).toMatchObject({ entries: 1, unerased: [] });
    journal.close();
    expect(readSegment(path, 'n')).toMatchObject({
      ...{ kind: 'read', damaged: 0 },
      entries: [{ kind: 'arrival', arrival: { workId: workIdOf(paid) } }],
    });
    expect(await filesWith(directory, 'of somebody')).toEqual([]);
  });

  it('names the files that it cannot read, or not whole, and leaves them as they are', async () => {
    const { directory } = await bench();
    const unusable = await unusableJournals(directory, 'n');
    const damaged = await damagedJournal(directory, 'n');
    const { entries, unerased } = eraseFromJournals(directory, 'n', () => true);
    expect(entries).toBe(0);
    expect(unerased).toEqual(
      expect.arrayContaining([...unusable, { path: damaged, reason: '1 place in it cannot be read' }]),
    );
    expect(unerased).toHaveLength(4);
    expect(await filesWith(directory, '')).toHaveLength(4);
  });

  it('names a spill file of Millrace 0.1.0 that holds it, and no other', async () => {
    const { directory } = await bench();
    const spill = (name: string) => join(directory, `n.${name}.spill`);
    const answerTo = (work: WorkKey) => ({
      ...({ kind: 'answer', stage: 'research', workId: workIdOf(work), token: tokenOf('a.1') } as const),
      finished: finishedWith(research),
    });
    const [gone, kept] = [answerTo(newWork()), answerTo(newWork())];
    await writeFile(spill('gone'), spillLine(gone));
    await writeFile(spill('kept'), spillLine(kept));
    const isGone = (entry: JournalEntry) => entry.kind === 'answer' && entry.workId === gone.workId;
    expect(eraseFromJournals(directory, 'n', isGone)).toMatchObject({
      entries: 0,
      unerased: [{ path: spill('gone'), reason: expect.stringMatching(/the next start drops/) }],
    });
    expect(await filesWith(directory, 'S ✓')).toHaveLength(2);

    await writeFile(spill('kept'), `${spillLine(kept)}torn\n`);
    await writeFile(`${spill('aside')}.damaged`, `${spillLine(gone)}torn\n`);
    await writeFile(`${spill('strange')}.damaged`, spillLine(gone));
    const unread = '1 place in it cannot be read';
    expect(eraseFromJournals(directory, 'n', isGone).unerased.toSorted(byPath)).toEqual([
      { path: `${spill('aside')}.damaged`, reason: `${unread}, and a start has set it aside: delete it` },
      { path: spill('gone'), reason: expect.stringMatching(/the next start drops/) },
      {
        path: spill('kept'),
        reason: `${unread}: the next start sets it aside as ….damaged; delete it then`,
      },
      { path: `${spill('strange')}.damaged`, reason: expect.stringMatching(/set it aside: delete it$/) },
    ]);
  });

  it('does not name an entry that its process is just appending', async () => {
    const { directory, path, journal } = await bench();
    const [first, second] = [newWork(), newWork()];
    journal.arrived(arrivedAt(first), [Buffer.from('an answer')]);
    journal.arrived(arrivedAt(second), [Buffer.from('a secret of somebody')]);
    journal.close();
    const whole = await readFile(path);
    await truncate(path, whole.length - 7);
    let looks = 0;
    const erased = eraseFromJournals(directory, 'n', (entry) => {
      looks += 1;
      if (looks === 1) appendFileSync(path, whole.subarray(-7));
      return entry.kind === 'arrival' && entry.arrival.workId === workIdOf(second);
    });
    expect(erased).toMatchObject({ entries: 1, unerased: [] });
    expect(await filesWith(directory, 'secret')).toEqual([]);
  });

  it('erases from a file that a start sets aside while it is looked at', async () => {
    const { directory, path, journal } = await bench();
    journal.arrived(arrivedAt(newWork()), [Buffer.from('a secret')]);
    const aside = `${path}.damaged`;
    const erased = eraseFromJournals(directory, 'n', () => {
      if (existsSync(path)) renameSync(path, aside);
      return true;
    });
    expect(erased).toMatchObject({ entries: 1, unerased: [] });
    expect(await readFile(aside, 'utf8')).not.toContain('a secret');
    journal.close();
  });

  it('names no file that goes while it is looked at: the store has what was in it', async () => {
    const { directory, path, journal } = await bench();
    journal.arrived(arrivedAt(newWork()), [Buffer.from('an answer')]);
    const erased = eraseFromJournals(directory, 'n', () => {
      rmSync(path);
      return true;
    });
    expect(erased).toMatchObject({ entries: 0, unerased: [] });
    journal.close();
    await rm(directory, { recursive: true });
    expect(eraseFromJournals(directory, 'n', () => true)).toMatchObject({ entries: 0, unerased: [] });
  });
});
