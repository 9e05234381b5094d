import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { millrace } from '../../support/process/millrace.ts';
import { tempDir } from '../../support/temp-dir.ts';

const COMMANDS = ['run', 'status', 'show', 'dead-letters', 'export', 'dataset', 'prompts'];
const HELPS = [['--help'], ['run', '--help'], ['show', '--help']];

/** A wrong command line, and what its message has to hold: what was expected and what came. */
const WRONG: readonly Readonly<{ args: readonly string[]; said: readonly (string | RegExp)[] }>[] = [
  { args: ['run', '--batch-sise', '3'], said: ['--batch-sise', '--batch-size'] },
  { args: ['run', 'q.jsonl', '--batch-size', 'zero'], said: ['batchSize', 'number', 'zero'] },
  { args: ['run', 'q.jsonl', '--max-questions', '0'], said: ['--max-questions', 'from 1', 'got 0'] },
  { args: ['run', 'q.jsonl', '--redo', 'storage'], said: ['research, generation, review', 'got storage'] },
  { args: ['run', 'q.jsonl', '--concurrency', 'judge=3'], said: ['research=', 'got judge=3'] },
  { args: ['run', 'q.jsonl', '--training-type', 'poem'], said: ['poem', 'sft'] },
  { args: ['run', 'q.jsonl', '--base-url', 'localhost'], said: ['baseUrl', 'URL', 'localhost'] },
  { args: ['run', 'q.jsonl', '--config', 'none.yaml'], said: ['none.yaml'] },
  { args: ['run'], said: ['millrace run questions.jsonl'] },
];

describe('the help', () => {
  it('has examples, and every command has its own, and the exit codes are listed', async () => {
    const helps = await Promise.all(HELPS.map((args) => millrace(args)));
    for (const { code, stdout, stderr } of helps) {
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/Examples?:\n {2}\$ millrace/);
    }
    const [all, run] = helps;
    for (const name of COMMANDS) expect(all?.stdout).toContain(`  ${name} `);
    const listed = [...(run?.stdout.split('Exit codes')[1] ?? '').matchAll(/^ {2}(\d+) {2,}\S/gm)];
    expect(listed.map(([, code]) => Number(code))).toEqual([0, 1, 2, 3, 4, 5, 6, 130]);
  });
});

describe('a wrong command line', () => {
  it('ends with 2, says what was expected and what came, and makes nothing', async () => {
    const cwd = await tempDir();
    const ended = await Promise.all(WRONG.map(({ args }) => millrace([...args], { cwd })));
    for (const [index, { code, stdout, stderr }] of ended.entries()) {
      const { args, said } = WRONG[index] ?? { args: [], said: [] };
      expect([args, code, stdout]).toEqual([args, 2, '']);
      for (const words of said) expect(stderr, args.join(' ')).toMatch(words);
      expect(stderr).not.toMatch(/^\s+at /m);
    }
  });

  it('shows a stack trace only when it is asked for', async () => {
    const cwd = await tempDir();
    const plain = await millrace(['run', 'none.jsonl'], { cwd });
    const verbose = await millrace(['run', 'none.jsonl', '--verbose'], { cwd });
    expect([plain.code, verbose.code]).toEqual([2, 2]);
    expect(plain.stderr).not.toMatch(/^\s+at /m);
    expect(verbose.stderr).toMatch(/^\s+at /m);
  });
});

describe('an input that cannot be read', () => {
  it('is named, with what was expected', async () => {
    const cwd = await tempDir();
    await mkdir(join(cwd, 'dir.jsonl'));
    await writeFile(join(cwd, 'empty.jsonl'), '');
    await writeFile(join(cwd, 'notes.pdf'), 'x');
    const files = ['none.jsonl', 'dir.jsonl', 'empty.jsonl', 'notes.pdf'];
    const ended = await Promise.all(
      files.map((file) => millrace(['run', file, '--dry-run', '--data', `data-${file}`], { cwd })),
    );
    for (const [index, { code, stderr }] of ended.entries()) {
      expect([files[index], code]).toEqual([files[index], 2]);
      expect(stderr).toContain(files[index]);
      expect(stderr).toMatch(/expected|a directory/);
    }
  });

  it('is no reason to lose what is already there', async () => {
    const cwd = await tempDir();
    await writeFile(join(cwd, 'dataset.jsonl'), 'precious\n');
    expect((await millrace(['run', 'none.jsonl', '--dry-run'], { cwd })).code).toBe(2);
    expect(await readFile(join(cwd, 'dataset.jsonl'), 'utf8')).toBe('precious\n');
  });

  it('says which commands need a run first', async () => {
    const cwd = await tempDir();
    const ended = await Promise.all(
      [['status'], ['show', 'abc'], ['dead-letters'], ['export']].map((args) => millrace(args, { cwd })),
    );
    for (const { code, stderr } of ended) {
      expect(code).toBe(1);
      expect(stderr).toMatch(/There is no .*start a run first/);
    }
  });
});
