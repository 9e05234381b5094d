import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { millrace, startMillrace } from '../../support/process/millrace.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { until } from '../../support/until.ts';

const FREE = ['--simulate', 'latency=0ms'];

describe('an earlier dataset', () => {
  it('stays where the questions are the dataset, by file or on standard input', async () => {
    const cwd = await tempDir();
    const precious = '{"question":"Why is the sky blue?"}\n';
    await writeFile(join(cwd, 'dataset.jsonl'), precious);
    const byName = await millrace(['run', 'dataset.jsonl', ...FREE], { cwd });
    const byFlag = await millrace(['run', 'dataset.jsonl', ...FREE, '--out', './dataset.jsonl'], { cwd });
    for (const { code, stderr } of [byName, byFlag]) {
      expect([code, stderr]).toEqual([2, expect.stringContaining('--out')]);
    }
    expect(await readFile(join(cwd, 'dataset.jsonl'), 'utf8')).toBe(precious);
  });

  it('stays where no line could be read, or too few, or no example came of them: exit codes 2, 2 and 6', async () => {
    const cwd = await tempDir();
    const out = join(cwd, 'dataset.jsonl');
    await writeFile(join(cwd, 'good.jsonl'), '{"question":"What is WAL?"}\n');
    await writeFile(join(cwd, 'bad.jsonl'), '{"query":"What is WAL?"}\n');
    await writeFile(join(cwd, 'mixed.jsonl'), '"What is a lock?"\n{}\n{}\n');
    expect((await millrace(['run', 'good.jsonl', ...FREE], { cwd })).code).toBe(0);
    const before = await readFile(out, 'utf8');
    expect(before).toContain('WAL');
    const bad = await millrace(['run', 'bad.jsonl', ...FREE], { cwd });
    expect([bad.code, bad.stderr]).toEqual([
      2,
      expect.stringMatching(/bad\.jsonl: no known format.*--map question=query/),
    ]);
    const mixed = await millrace(['run', 'mixed.jsonl', ...FREE], { cwd });
    expect([mixed.code, mixed.stderr]).toEqual([2, expect.stringMatching(/2 of 3 lines .*--max-bad 50%/)]);
    expect(await readFile(out, 'utf8')).toBe(before);
    const refused = ['run', 'mixed.jsonl', '--max-bad', '70%', '--simulate', 'latency=0ms,reject=100%'];
    const none = await millrace(refused, { cwd });
    expect([none.code, none.stdout]).toEqual([6, expect.stringContaining('is left as it is')]);
    expect(await readFile(out, 'utf8')).toBe(before);
    const exported = await millrace(['export', '--topic', 'nothing'], {
      cwd,
      env: { MILLRACE_SIMULATE: 'latency=0ms' },
    });
    expect([exported.code, exported.stdout]).toEqual([6, expect.stringContaining('is left as it is')]);
    expect(await readFile(out, 'utf8')).toBe(before);
    const fresh = await millrace(['export', '--topic', 'nothing', '--split', '90/10', '--out', 'fresh'], {
      cwd,
      env: { MILLRACE_SIMULATE: 'latency=0ms' },
    });
    expect([fresh.code, fresh.stdout]).toEqual([6, expect.stringContaining('No example to write')]);
  });

  it('stays where a run is stopped that has fewer examples so far, and the same command replaces it', async () => {
    const cwd = await tempDir();
    const out = join(cwd, 'dataset.jsonl');
    const questionsOf = (word: string, count: number) =>
      Array.from({ length: count }, (_, index) => `"What is ${word} ${index}?"\n`).join('');
    await writeFile(join(cwd, 'done.jsonl'), questionsOf('A', 12));
    await writeFile(join(cwd, 'more.jsonl'), questionsOf('B', 20));
    expect((await millrace(['run', 'done.jsonl', ...FREE], { cwd })).code).toBe(0);
    const before = await readFile(out, 'utf8');
    const slow = ['--simulate', 'latency=0ms,research=400ms', '--batch-size', '1', '--json'];
    const stopped = startMillrace(['run', 'more.jsonl', ...slow], { cwd });
    await until('an example is there', () => /"stage":"storage","done":[1-9]/.test(stopped.stdout()));
    stopped.kill('SIGINT');
    expect((await stopped.exited).code).toBe(130);
    expect(stopped.stdout()).toContain('"kept":true');
    expect(await readFile(out, 'utf8')).toBe(before);
    const whole = await millrace(['run', 'more.jsonl', ...FREE], { cwd });
    expect([whole.code, whole.stdout]).toEqual([0, expect.stringContaining('examples in dataset.jsonl')]);
    expect(await readFile(out, 'utf8')).not.toBe(before);
  });
});
