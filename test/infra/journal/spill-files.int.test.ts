import { appendFile, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leftSpills } from '../../../src/infra/journal/spill-files.ts';
import type { Unsaved } from '../../../src/streams/work/journal.ts';
import { workIdOf } from '../../../src/streams/work/work.ts';
import { attemptOf, finishedWith, newWork, research } from '../../../src/testing/store/fixtures.ts';
import { spillLine } from '../../support/stage/spill-line.ts';
import { tokenOf } from '../../support/stage/work.ts';
import { tempDir } from '../../support/temp-dir.ts';

const answer = (result: unknown = research, stage = 'research'): Unsaved => ({
  ...{ kind: 'answer', stage, workId: workIdOf(newWork()), token: tokenOf('a.1') },
  finished: finishedWith(result),
});
const attempt = (): Unsaved => ({
  ...{ kind: 'attempt', stage: 'review', workId: workIdOf(newWork()), token: tokenOf('a.2') },
  attempt: attemptOf(1),
});

async function spilled(...all: readonly Unsaved[]) {
  const directory = await tempDir();
  const path = join(directory, 'n.x.spill');
  await writeFile(path, all.map(spillLine).join(''));
  return { directory, path };
}

const readsIn = (directory: string) => leftSpills(directory, 'n').map((file) => file.read());

describe('a spill file of Millrace 0.1.0', () => {
  it('gives back what was kept, of whatever texts', async () => {
    const odd = {
      prompt: 'Ünï ✓ \u2028 "x" \n',
      answer: { 2: 'b', 1: 'a', __proto__x: null },
      list: [1.5, true],
    };
    const all = [answer(), answer(odd, 'generation'), attempt()];
    const { directory } = await spilled(...all);
    expect(readsIn(directory)).toMatchObject([{ entries: all, damaged: 0 }]);
  });

  it('is found in its own namespace, and gone when it is removed', async () => {
    const { directory } = await spilled(answer());
    await writeFile(join(directory, 'n.y.spill.part'), 'half');
    expect(leftSpills(directory, 'other')).toEqual([]);
    expect(leftSpills(join(directory, 'missing'), 'n')).toEqual([]);
    for (const file of leftSpills(directory, 'n')) file.remove();
    expect(readsIn(directory)).toEqual([]);
  });

  it('is read up to a torn last line, and past what was changed', async () => {
    const [first, last] = [answer(), answer()];
    const { directory, path } = await spilled(first, answer({ prompt: 'x' }, 'generation'), last);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('"prompt":"x"', '"prompt":"y"'));
    expect(readsIn(directory)).toMatchObject([{ entries: [first, last], damaged: 1 }]);
    await truncate(path, Buffer.byteLength(text) - 20);
    expect(readsIn(directory)).toMatchObject([{ entries: [first], damaged: 2 }]);
    await appendFile(path, '\nnot a line of ours\n');
    expect(readsIn(directory)).toMatchObject([{ entries: [first], damaged: 3 }]);
  });

  it('gives no result that its stage would not have made', async () => {
    const { directory } = await spilled(answer({ summary: 1 }), answer({}, 'review'), answer({}, 'storage'));
    expect(readsIn(directory)).toMatchObject([{ entries: [], damaged: 3 }]);
  });
});
