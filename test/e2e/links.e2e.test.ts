import { chmod, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { millrace } from '../support/process/millrace.ts';
import { tempDir } from '../support/temp-dir.ts';

const FREE = ['--simulate', 'latency=0ms'];

/** A folder of somebody else beside a file of the user. */
async function folder() {
  const dir = await tempDir();
  const cwd = join(dir, 'repo');
  await mkdir(join(cwd, '.millrace'), { recursive: true });
  await writeFile(join(dir, 'mine.txt'), 'mine\n');
  await writeFile(join(cwd, 'q.jsonl'), '{"question":"Why is the sky blue?"}\n{}\n');
  const mine = () => readFile(join(dir, 'mine.txt'), 'utf8');
  const link = (name: string, up = '..') => symlink(join(up, 'mine.txt'), join(cwd, name));
  return { dir, cwd, mine, link };
}

describe('a symbolic link that came with a folder', () => {
  it('is refused as dataset, unless the user names it', async () => {
    const { cwd, mine, link } = await folder();
    await link('dataset.jsonl');
    const refused = await millrace(['run', 'q.jsonl', ...FREE], { cwd });
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--out dataset.jsonl')]);
    expect(await mine()).toBe('mine\n');
    const named = await millrace(['run', 'q.jsonl', ...FREE, '--out', 'other.jsonl'], { cwd });
    expect(named.code, named.stderr).toBe(0);
  });

  it('is refused for bad lines', async () => {
    const { cwd, mine, link } = await folder();
    await link('dataset.jsonl.rejects.jsonl');
    const refused = await millrace(['run', 'q.jsonl', ...FREE], { cwd });
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('symbolic link')]);
    expect(await mine()).toBe('mine\n');
  });

  it('is replaced itself as card, and never written through as log', async () => {
    const { cwd, mine, link } = await folder();
    await link('dataset.card.md');
    await link('.millrace/millrace-simulated.log', '../..');
    await link('.millrace/millrace-simulated.lock.holder', '../..');
    const run = await millrace(['run', 'q.jsonl', ...FREE], { cwd });
    expect(run.code, run.stderr).toBe(0);
    expect(await mine()).toBe('mine\n');
    expect(await readFile(join(cwd, 'dataset.card.md'), 'utf8')).toContain('millrace');
  });

  it.each(['.db', '.db-wal', '.lock'])(
    'is refused as %s of the data, and its file keeps its rights',
    async (ending) => {
      const { dir, cwd, mine, link } = await folder();
      await chmod(join(dir, 'mine.txt'), 0o644);
      await link(`.millrace/millrace-simulated${ending}`, '../..');
      const run = await millrace(['run', 'q.jsonl', ...FREE], { cwd });
      expect([run.code, run.stderr]).toEqual([1, expect.stringContaining('symbolic link')]);
      expect(await mine()).toBe('mine\n');
      expect((await stat(join(dir, 'mine.txt'))).mode & 0o777).toBe(0o644);
    },
  );

  it('is no prompt if it leads out of its directory', async () => {
    const { cwd, link } = await folder();
    await mkdir(join(cwd, 'p'));
    await link('p/type.sft.md', '../..');
    const run = await millrace(['run', 'q.jsonl', ...FREE, '--prompts', 'p'], { cwd });
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining('outside of p')]);
  });
});
