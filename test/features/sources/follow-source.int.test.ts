import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { addSource } from '../../../src/features/sources/add-source.ts';
import { DryIndex } from '../../../src/features/sources/dry-index.ts';
import { followSource } from '../../../src/features/sources/follow-source.ts';
import type { Added } from '../../../src/features/sources/read-source.ts';
import { indexPath } from '../../../src/infra/documents/index/index-place.ts';
import { SourceIndex } from '../../../src/infra/documents/index/source-index.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { until } from '../../support/until.ts';

async function indexed(files: Readonly<Record<string, string>>) {
  const data = await tempDir();
  const root = join(data, 'manuals');
  await mkdir(root);
  const write = (path: string, text: string) => writeFile(join(root, path), text);
  for (const [path, text] of Object.entries(files)) await write(path, text);
  const index = new SourceIndex(indexPath({ data, namespace: 'test' }), data);
  onTestFinished(() => index.close());
  const paths = () => [...index.documents('manuals').keys()].sort();
  return { data, root, write, index, paths };
}

/** Follows with little patience. `everyMs`: longer than the test, so that only what is heard wakes. */
function followed(index: SourceIndex, everyMs = 600_000) {
  const stop = new AbortController();
  const [reads, troubles]: [Added[], string[]] = [[], []];
  const done = followSource(index, 'manuals', {
    ...{ signal: stop.signal, stillMs: 30, everyMs },
    onRead: (added) => reads.push(added),
    onTrouble: (text) => troubles.push(text),
  });
  const end = async () => {
    stop.abort();
    await done;
  };
  onTestFinished(end);
  return { reads, troubles, end };
}

describe('a source that is followed', () => {
  it('is read when something in it changes, in new folders too, and only what changed', async () => {
    const { root, write, index, paths } = await indexed({ 'a.md': 'Oil.', 'b.md': 'Water.' });
    await addSource(index, root);
    const { reads, end } = followed(index);
    await mkdir(join(root, 'new'));
    await write('new/c.md', 'Fuel.');
    await until('the new file is read', () => paths().includes('new/c.md'));
    await write('a.md', 'Oil of another kind.');
    await until('the change is read', () => reads.some(({ changed }) => changed === 1));
    await rm(join(root, 'b.md'));
    await until('the deletion is seen', () => !paths().includes('b.md'));
    await rename(join(root, 'a.md'), join(root, 'z.md'));
    await until('the new name is read', () => paths().join() === 'new/c.md,z.md');
    await end();
    expect(reads.reduce((sum, { newChunks }) => sum + newChunks, 0)).toBe(2);
  });

  it('that has vanished loses nothing, says so once, and goes on when it is back', async () => {
    const { data, root, index, paths, write } = await indexed({ 'a.md': 'Oil.' });
    await addSource(index, root);
    const { troubles } = followed(index, 20);
    await rename(root, join(data, 'unmounted'));
    await until('it is told', () => troubles.length > 0);
    expect(paths()).toEqual(['a.md']);
    await rename(join(data, 'unmounted'), root);
    await write('b.md', 'Water.');
    await until('it goes on', () => paths().length === 2);
    expect(troubles).toEqual([expect.stringMatching(/manuals is gone: nothing was changed/)]);
  });

  it('of one file is followed though its editor puts a new one in its place', async () => {
    const { data, root, index, write } = await indexed({ 'a.md': 'Oil.' });
    await addSource(index, join(root, 'a.md'), { name: 'manuals' });
    const { reads } = followed(index);
    await writeFile(join(data, 'draft'), 'Oil of another kind.');
    await rename(join(data, 'draft'), join(root, 'a.md'));
    await until('it is read', () => reads.length > 0);
    await write('other.md', 'Not a part of it.');
    expect(reads).toMatchObject([{ changed: 1, added: 0 }]);
  });

  it('waits for a file that is still being written', async () => {
    const { root, write, index, paths } = await indexed({ 'a.md': 'Oil.' });
    await addSource(index, root);
    const { reads } = followed(index);
    let text = '';
    for (let part = 0; part < 20; part += 1) {
      text += `Part ${part}. `;
      await write('long.md', text);
    }
    await until('it is read', () => paths().includes('long.md'));
    await until('it is whole', () => index.documents('manuals').get('long.md')?.bytes === text.length);
    expect(reads.length).toBeLessThan(20);
  });
});

describe('a dry run', () => {
  it('tells what would be held, and writes nothing', async () => {
    const { root, index, write, paths } = await indexed({ 'a.md': 'Oil.', 'b.md': 'Oil.', 'c.bin': 'x' });
    const dry = new DryIndex(index);
    expect(await addSource(dry, root)).toMatchObject({ added: 2, passedOver: 1, newChunks: 1 });
    expect([dry.characters, paths(), index.sources()]).toEqual([4, [], []]);
    await addSource(index, root);
    await write('d.md', 'Water.');
    const again = new DryIndex(index);
    expect(await addSource(again, root)).toMatchObject({ added: 1, unchanged: 2, newChunks: 1 });
    expect(await addSource(new DryIndex(undefined), root)).toMatchObject({ added: 3, newChunks: 2 });
    expect(paths()).toEqual(['a.md', 'b.md']);
  });
});
