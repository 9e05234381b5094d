import { appendFile, mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSpillFiles, removeSpillFile, SpillFiles } from '../../../src/infra/spill/spill-files.ts';
import type { Unsaved } from '../../../src/streams/unsaved-writes.ts';
import { workIdOf } from '../../../src/streams/work.ts';
import { attemptOf, finishedWith, newWork, research } from '../../conformance/store/fixtures.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { tokenOf } from '../../support/work.ts';

const answer = (result: unknown = research, stage = 'research'): Unsaved => ({
  ...{ kind: 'answer', stage, workId: workIdOf(newWork()), token: tokenOf('a.1') },
  finished: finishedWith(result),
});
const attempt = (): Unsaved => ({
  ...{ kind: 'attempt', stage: 'review', workId: workIdOf(newWork()), token: tokenOf('a.2') },
  attempt: attemptOf(1),
});

async function bench() {
  const directory = join(await tempDir(), 'data');
  const kept: [number, string][] = [];
  const failed: [number, string][] = [];
  const spill = new SpillFiles({
    ...{ directory, namespace: 'n' },
    onKept: (...said) => void kept.push(said),
    onFailed: (...said) => void failed.push(said),
  });
  const pathOf = () => kept.at(-1)?.[1] ?? '';
  return { directory, spill, kept, failed, pathOf };
}

describe('a spill file', () => {
  it('gives back what was kept, of whatever texts', async () => {
    const { directory, spill } = await bench();
    const odd = {
      prompt: 'Ünï ✓ \u2028 "x" \n',
      answer: { 2: 'b', 1: 'a', __proto__x: null },
      list: [1.5, true],
    };
    const all = [answer(), answer(odd, 'generation'), attempt()];
    spill.keep(all);
    expect(readSpillFiles(directory, 'n')).toMatchObject([{ unsaved: all, damaged: 0 }]);
  });

  it('is for its owner’s eyes, in a directory that is made where it is missing', async () => {
    const { directory, spill, pathOf } = await bench();
    spill.keep([answer()]);
    expect((await stat(pathOf())).mode & 0o777).toBe(0o600);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect(await readdir(directory)).toHaveLength(1);
  });

  it('is one of its own for each spilling, of each process', async () => {
    const { directory, spill } = await bench();
    for (let count = 0; count < 3; count += 1) spill.keep([answer()]);
    expect(readSpillFiles(directory, 'n')).toHaveLength(3);
    expect(readSpillFiles(directory, 'other')).toEqual([]);
    for (const file of readSpillFiles(directory, 'n')) removeSpillFile(file);
    expect(readSpillFiles(directory, 'n')).toEqual([]);
    expect(readSpillFiles(join(directory, 'missing'), 'n')).toEqual([]);
  });

  it('is read up to a torn last line, and past what was changed', async () => {
    const { directory, spill, pathOf } = await bench();
    const [first, last] = [answer(), answer()];
    spill.keep([first, answer({ prompt: 'x' }, 'generation'), last]);
    const text = await readFile(pathOf(), 'utf8');
    await writeFile(pathOf(), text.replace('"prompt":"x"', '"prompt":"y"'));
    expect(readSpillFiles(directory, 'n')).toMatchObject([{ unsaved: [first, last], damaged: 1 }]);
    await truncate(pathOf(), Buffer.byteLength(text) - 20);
    expect(readSpillFiles(directory, 'n')).toMatchObject([{ unsaved: [first], damaged: 2 }]);
    await appendFile(pathOf(), '\nnot a line of ours\n');
    expect(readSpillFiles(directory, 'n')).toMatchObject([{ unsaved: [first], damaged: 3 }]);
  });

  it('takes no result that its stage would not have made', async () => {
    const { directory, spill } = await bench();
    spill.keep([answer({ summary: 1 }), answer({}, 'review'), answer({}, 'storage')]);
    expect(readSpillFiles(directory, 'n')).toMatchObject([{ unsaved: [], damaged: 3 }]);
  });

  it('is not mistaken for one that is being written', async () => {
    const { directory } = await bench();
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'n.x.spill.part'), 'half');
    expect(readSpillFiles(directory, 'n')).toEqual([]);
  });

  it('that cannot be written is told, and throws nothing', async () => {
    const { directory, spill, failed, kept } = await bench();
    await writeFile(directory, 'a file where the directory should be');
    spill.keep([answer(), answer()]);
    expect(kept).toEqual([]);
    expect(failed).toMatchObject([[2, expect.stringContaining('')]]);
  });
});
