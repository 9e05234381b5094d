import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { JournalFiles } from '../../../src/infra/journal/journal-files.ts';
import { readSegment } from '../../../src/infra/journal/read-segment.ts';
import type { Arrival } from '../../../src/streams/work/journal.ts';
import { workIdOf } from '../../../src/streams/work/work.ts';
import { newWork } from '../../../src/testing/store/fixtures.ts';
import { mountSmallDisk } from '../../support/process/small-disk.ts';
import { tokenOf } from '../../support/stage/work.ts';
import { tempDir } from '../../support/temp-dir.ts';

const ID = '00000000-0000-4000-8000-000000000001';
const BODY = Buffer.alloc(10_000, 'x');

const arrivalOf = (number: number): Arrival => ({
  ...{ kind: 'arrival', stage: 'research', workId: workIdOf(newWork()), token: tokenOf('a.1') },
  ...{ number, startedAt: '2026-01-01T00:00:00.000Z', durationMs: 7, earlier: [] },
  ...{ form: 'completion', codings: '', model: 'asked', recipe: 'recipe', shape: '' },
});

async function journalOn(directory: string) {
  const troubles: string[] = [];
  const heard = { written: 0 };
  const journal = new JournalFiles({
    ...{ directory, namespace: 'n', id: ID, segmentBytes: 50_000 },
    onTrouble: (reason) => void troubles.push(reason),
    onWritten: () => {
      heard.written += 1;
    },
  });
  /** The numbers of the answers that stand whole in its files, and how many places are damaged. */
  const standing = async () => {
    const names = (await readdir(directory)).filter((name) => name.endsWith('.journal'));
    const reads = names.map((name) => readSegment(join(directory, name), 'n'));
    const entries = reads.flatMap((read) => (read.kind === 'read' ? read.entries : []));
    const numbers = entries.flatMap((entry) => (entry.kind === 'arrival' ? [entry.arrival.number] : []));
    const damaged = reads.map((read) => (read.kind === 'read' ? read.damaged : 1));
    return { numbers: numbers.toSorted((a, b) => a - b), damaged: damaged.filter((count) => count > 0) };
  };
  return { journal, troubles, heard, standing };
}

describe('a journal on a disk that fills up', () => {
  it('keeps what it could write whole, says what it could not, and writes again once there is room', async (context) => {
    const directory = join(await tempDir(), 'data');
    await mkdir(directory);
    const disk = mountSmallDisk(directory, '200k');
    if (disk === undefined) return context.skip('only root may mount a small file system');
    const { journal, troubles, heard, standing } = await journalOn(directory);
    const marks = Array.from({ length: 40 }, (_, at) => journal.arrived(arrivalOf(at + 1), [BODY]));
    const kept = marks.flatMap((mark, at) => (mark.kept ? [at + 1] : []));
    expect(kept.length).toBeGreaterThan(10);
    expect(kept.length).toBeLessThan(20);
    expect(troubles).toHaveLength(marks.length - kept.length);
    expect(new Set(troubles)).toEqual(new Set([expect.stringContaining('ENOSPC')]));
    expect(await standing()).toEqual({ numbers: kept, damaged: [] });

    disk.grow('1m');
    expect(journal.arrived(arrivalOf(41), [BODY]).kept).toBe(true);
    expect(heard.written).toBe(1);
    expect(await standing()).toEqual({ numbers: [...kept, 41], damaged: [] });
    journal.close();
  });

  it('gives its room back as the store takes its answers, and so writes again by itself', async (context) => {
    const directory = join(await tempDir(), 'data');
    await mkdir(directory);
    if (mountSmallDisk(directory, '200k') === undefined)
      return context.skip('only root may mount a small file system');
    const { journal, standing } = await journalOn(directory);
    const marks = Array.from({ length: 40 }, (_, at) => journal.arrived(arrivalOf(at + 1), [BODY]));
    for (const mark of marks) mark.drop();
    expect(journal.arrived(arrivalOf(41), [BODY]).kept).toBe(true);
    expect(await standing()).toMatchObject({ numbers: expect.arrayContaining([41]), damaged: [] });
    journal.close();
  });

  it('leaves no file behind for each answer that it could not write, where there is no room at all', async (context) => {
    const directory = join(await tempDir(), 'data');
    await mkdir(directory);
    const disk = mountSmallDisk(directory, '64k');
    if (disk === undefined) return context.skip('only root may mount a small file system');
    await writeFile(join(directory, 'other'), Buffer.alloc(64 * 1_024)).catch(() => undefined);
    const { journal, troubles, standing } = await journalOn(directory);
    for (let number = 1; number <= 3; number += 1)
      expect(journal.arrived(arrivalOf(number), [BODY]).kept).toBe(false);
    expect(troubles).toHaveLength(3);
    expect((await readdir(directory)).filter((name) => name.endsWith('.journal'))).toEqual([]);
    disk.grow('1m');
    expect(journal.arrived(arrivalOf(4), [BODY]).kept).toBe(true);
    expect(await standing()).toEqual({ numbers: [4], damaged: [] });
    journal.close();
  });
});
