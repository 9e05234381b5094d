import { link, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assertInputKept } from '../../../src/features/questions/keep-input.ts';
import { tempDir } from '../../support/temp-dir.ts';

describe('a run whose input is a file that it writes', () => {
  it('is refused, whatever name either has', async () => {
    const dir = await tempDir();
    const at = (name: string) => join(dir, name);
    await mkdir(at('sub'));
    for (const name of [
      'q.jsonl',
      'd.jsonl.rejects.jsonl',
      'd.card.md',
      'dataset_info.json',
      'd.simulated.jsonl',
    ])
      await writeFile(at(name), 'precious\n');
    await symlink('q.jsonl', at('soft.jsonl'));
    await link(at('q.jsonl'), at('hard.jsonl'));
    const pairs = [
      ['q.jsonl', 'q.jsonl'],
      ['q.jsonl', 'sub/../q.jsonl'],
      ['q.jsonl', 'soft.jsonl'],
      ['soft.jsonl', 'q.jsonl'],
      ['q.jsonl', 'hard.jsonl'],
      ['d.jsonl.rejects.jsonl', 'd.jsonl'],
      ['d.card.md', 'd.jsonl'],
      ['dataset_info.json', 'd.jsonl'],
      ['d.simulated.jsonl', 'd.jsonl'],
      ['.d.jsonl.0a1b2c3d.partial', 'd.jsonl'],
    ];
    for (const [input = '', out = ''] of pairs) {
      const refused = assertInputKept([at(input)], `${dir}/${out}`);
      await expect(refused, `${input} into ${out}`).rejects.toMatchObject({ kind: 'fatal', code: 'bad_out' });
    }
  });

  it('is let go on where both are different files, or nothing is there', async () => {
    const dir = await tempDir();
    await writeFile(join(dir, 'q.jsonl'), 'precious\n');
    await writeFile(join(dir, 'd.jsonl'), 'precious\n');
    await expect(assertInputKept([join(dir, 'q.jsonl')], join(dir, 'd.jsonl'))).resolves.toBe(undefined);
    await expect(assertInputKept([join(dir, 'none.jsonl')], join(dir, 'new.jsonl'))).resolves.toBe(undefined);
    await expect(assertInputKept(['-'], join(dir, 'd.jsonl'))).resolves.toBe(undefined);
  });
});
