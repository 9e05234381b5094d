import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adoptJournals } from '../../../src/infra/journal/adopt-journals.ts';
import { eraseFromJournals } from '../../../src/infra/journal/erase-journals.ts';
import { JournalFiles } from '../../../src/infra/journal/journal-files.ts';
import type { Arrival } from '../../../src/streams/work/journal.ts';
import { workIdOf } from '../../../src/streams/work/work.ts';
import { attemptOf, finishedWith, newWork, research } from '../../../src/testing/store/fixtures.ts';
import { tokenOf } from '../../support/stage/work.ts';
import { tempDir } from '../../support/temp-dir.ts';

const IDS = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'] as const;

const arrivalOf = (number = 1): Arrival => ({
  ...{ kind: 'arrival', stage: 'research', workId: workIdOf(newWork()), token: tokenOf('a.1') },
  ...{ number, startedAt: '2026-01-01T00:00:00.000Z', durationMs: 7, earlier: [attemptOf(1)] },
  ...{ form: 'completion', codings: '', model: 'asked', recipe: 'recipe', shape: '' },
});

async function bench(segmentBytes?: number) {
  const directory = join(await tempDir(), 'data');
  const troubles: string[] = [];
  let written = 0;
  const open = (id: string = IDS[0]) =>
    new JournalFiles({
      ...{ directory, namespace: 'n', id, segmentBytes },
      onTrouble: (reason) => void troubles.push(reason),
      onWritten: () => {
        written += 1;
      },
    });
  const adopt = (namespace = 'n') =>
    adoptJournals(directory, namespace, (path, reason) => expect.unreachable(`${path}: ${reason}`));
  /** The entries of every journal that nobody holds. */
  const left = () => {
    const journals = adopt();
    const reads = journals.flatMap(({ files }) => files.map((file) => file.read()));
    for (const journal of journals) journal.release();
    return reads.flatMap((read) => (read.kind === 'read' ? read.entries : []));
  };
  const files = async () => (await readdir(directory)).filter((name) => name.endsWith('.journal')).sort();
  return { directory, troubles, written: () => written, open, adopt, left, files };
}

const PIECES = [Buffer.from('{"half":'), Buffer.from('"ünd ✓"}')];

describe('the journal of a process', () => {
  it('gives what arrived back to the next process, and what was kept', async () => {
    const { open, left } = await bench();
    const journal = open();
    const arrival = arrivalOf();
    const held = { stage: 'research', workId: arrival.workId, token: arrival.token };
    const answer = { kind: 'answer', ...held, finished: finishedWith(research) } as const;
    const attempt = { kind: 'attempt', ...held, attempt: attemptOf(2) } as const;
    const marks = [journal.arrived(arrival, PIECES), journal.keep(answer), journal.keep(attempt)];
    expect(marks.map(({ kept }) => kept)).toEqual([true, true, true]);
    journal.close();
    expect(left()).toEqual([{ kind: 'arrival', arrival, body: Buffer.concat(PIECES) }, answer, attempt]);
  });

  it('keeps an answer that comes after its end for the next process, in a file of its own', async () => {
    const { open, left, troubles } = await bench();
    const journal = open();
    journal.arrived(arrivalOf(), PIECES).drop();
    expect(journal.close()).toBe('stored');
    expect(journal.arrived(arrivalOf(2), PIECES).kept).toBe(true);
    expect(journal.close()).toBe('left');
    expect(left()).toMatchObject([{ arrival: { number: 2 } }]);
    expect(troubles).toEqual([]);
  });

  it('is for its owner’s eyes, and makes nothing before the first entry', async () => {
    const { directory, open, files } = await bench();
    const journal = open();
    await expect(stat(directory)).rejects.toThrow();
    journal.arrived(arrivalOf(), PIECES);
    const [file = ''] = await files();
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(join(directory, file))).mode & 0o777).toBe(0o600);
    journal.close();
  });

  it('stands in the file when it returns', async () => {
    const { directory, open, files } = await bench();
    const journal = open();
    journal.arrived(arrivalOf(), [Buffer.from('the last byte of an answer')]);
    const [file = ''] = await files();
    expect(await readFile(join(directory, file), 'latin1')).toContain('the last byte of an answer');
    journal.close();
  });

  it('is not taken to be absent where its directory cannot be listed', async () => {
    const { directory, adopt } = await bench();
    expect(adopt()).toEqual([]);
    await symlink(directory, directory);
    expect(() => adopt()).toThrow(expect.objectContaining({ kind: 'fatal', code: 'data_unlisted' }));
    expect(eraseFromJournals(directory, 'n', () => true)).toEqual({
      entries: 0,
      unerased: [{ path: directory, reason: expect.stringContaining('ELOOP') }],
      processes: new Set(),
    });
  });

  it('is another’s for as long as its process lives, and is left alone', async () => {
    const { open, adopt, left } = await bench();
    const [living, dead] = [open(IDS[0]), open(IDS[1])];
    living.arrived(arrivalOf(), PIECES);
    dead.arrived(arrivalOf(), PIECES);
    dead.close();
    expect(adopt().map(({ id }) => id)).toEqual([IDS[1]]);
    expect(adopt('other')).toEqual([]);
    living.close();
    expect(left()).toHaveLength(1);
  });

  it('leaves no file where the store has everything', async () => {
    const { directory, open } = await bench();
    const journal = open();
    journal.arrived(arrivalOf(), PIECES).drop();
    journal.close();
    expect(await readdir(directory)).toEqual([]);
  });

  it('does not grow over a long run, however many answers are under way', async () => {
    const { open, files, directory } = await bench(10_000);
    const journal = open();
    const underWay = Array.from({ length: 20 }, () => journal.arrived(arrivalOf(), PIECES));
    let most = 0;
    for (let count = 0; count < 3_000; count += 1) {
      underWay.push(journal.arrived(arrivalOf(), PIECES));
      underWay.shift()?.drop();
      most = Math.max(most, (await files()).length);
    }
    const sizes = await Promise.all(
      (await files()).map(async (name) => (await stat(join(directory, name))).size),
    );
    expect(most).toBeLessThanOrEqual(4);
    expect(Math.max(...sizes)).toBeLessThan(12_000);
    expect(journal.waiting).toBe(20);
    journal.close();
  });

  it('keeps a file for as long as one of its answers waits', async () => {
    const { open, left } = await bench(2_000);
    const journal = open();
    const slow = arrivalOf();
    const mark = journal.arrived(slow, PIECES);
    for (let count = 0; count < 100; count += 1) journal.arrived(arrivalOf(), PIECES).drop();
    journal.close();
    expect(left()).toContainEqual({ kind: 'arrival', arrival: slow, body: Buffer.concat(PIECES) });
    mark.drop();
  });

  it('is emptied when the store has all of it', async () => {
    const { open, files, directory } = await bench();
    const journal = open();
    for (let count = 0; count < 300; count += 1) journal.arrived(arrivalOf(), PIECES).drop();
    const [file = ''] = await files();
    expect((await stat(join(directory, file))).size).toBeLessThan(70_000);
    journal.close();
  });

  it('that cannot be written throws nothing, says why, and says when it can be again', async () => {
    const { directory, open, troubles, written } = await bench();
    await writeFile(directory, 'a file where the directory should be');
    const journal = open();
    expect(journal.arrived(arrivalOf(), PIECES).kept).toBe(false);
    expect(troubles).toEqual([expect.stringContaining('EEXIST')]);
    const { rm } = await import('node:fs/promises');
    await rm(directory);
    await mkdir(directory);
    expect(journal.arrived(arrivalOf(), PIECES).kept).toBe(true);
    expect(written()).toBe(1);
    journal.close();
  });
});
