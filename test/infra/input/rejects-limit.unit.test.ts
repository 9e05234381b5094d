import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RejectsFile } from '../../../src/infra/input/rejects-file.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { failureOf } from './reading.ts';

const bad = { kind: 'bad', line: 1, reason: 'no', text: 'x'.repeat(100) } as const;

describe('the rejects file', () => {
  it('holds so many bytes, what earlier runs left included, and counts the rest', async () => {
    const path = join(await tempDir(), 'r.jsonl');
    for (const [kept, left] of [
      [3, 7],
      [3, 10],
    ]) {
      const rejects = new RejectsFile(path, 500);
      for (let count = 0; count < 10; count += 1) await rejects.append('q', bad);
      await rejects.close();
      expect((await readFile(path, 'utf8')).trimEnd().split('\n')).toHaveLength(kept ?? 0);
      expect(rejects.left).toBe(left);
    }
  });

  it('is never written through a symbolic link', async () => {
    const dir = await tempDir();
    await writeFile(join(dir, 'mine'), 'mine\n');
    await symlink('mine', join(dir, 'r.jsonl'));
    const failure = await failureOf(new RejectsFile(join(dir, 'r.jsonl')).append('q', bad));
    expect([failure.code, failure.message]).toEqual([
      'rejects_unwritable',
      expect.stringContaining('symbolic link'),
    ]);
    expect(await readFile(join(dir, 'mine'), 'utf8')).toBe('mine\n');
  });
});
