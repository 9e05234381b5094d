import { chmod, chown, mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { millrace } from '../../support/process/millrace.ts';
import { questionText } from '../../support/run/question-files.ts';
import { tempDir } from '../../support/temp-dir.ts';

const LINE_BYTES = 100 * 1_024 * 1_024;
/** The simulated model, without its usual latency. */
const FREE = ['--simulate', 'latency=0ms'];
const NOBODY = 65_534;
const rejectSchema = z.array(
  z.object({ file: z.string(), line: z.number(), reason: z.string(), text: z.string() }),
);

const asLine = (question: string) => `${JSON.stringify({ question })}\n`;

/** A file with everything that goes wrong in a file; three questions of it are good, one of them asked thrice. */
async function writeRoughFile(path: string): Promise<void> {
  await using file = await open(path, 'w');
  await file.write(asLine('Why is the sky blue?'));
  await file.write(asLine(''));
  await file.write(asLine('x'.repeat(200_000)));
  await file.write(Buffer.from('{"question":"\xff\xfe?"}\n', 'latin1'));
  await file.write('{"question":"Why is the s\n');
  await file.write(asLine('  WHY is  the sky blue?'));
  await file.write(asLine('Why is the sky blue?'));
  const part = Buffer.alloc(1_024 * 1_024, 'y');
  for (let written = 0; written < LINE_BYTES; written += part.length) await file.write(part);
  await file.write(`\n${asLine('What is light?')}${asLine('What is dark?').trimEnd()}`);
}

describe('a rough file', () => {
  it('loses its bad lines only: each is said with its number and kept, and duplicates count once', async () => {
    const cwd = await tempDir();
    await writeRoughFile(join(cwd, 'rough.jsonl'));
    const run = await millrace(['run', 'rough.jsonl', ...FREE], { cwd });
    expect(run.code, run.stderr).toBe(0);
    expect(run.stdout).toMatch(/3 questions in /);
    expect(run.stdout).toContain('2 duplicates counted once.');
    expect(run.stdout).toContain('5 bad lines kept in dataset.jsonl.rejects.jsonl.');
    const text = await readFile(join(cwd, 'dataset.jsonl.rejects.jsonl'), 'utf8');
    const rejects = rejectSchema.parse(
      text
        .trimEnd()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    );
    expect(rejects.map(({ line }) => line)).toEqual([2, 3, 4, 5, 8]);
    for (const { line } of rejects) expect(run.stderr).toContain(`rough.jsonl:${line}:`);
    expect(rejects.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('empty'),
      expect.stringContaining('20,000'),
      expect.stringContaining('UTF-8'),
      expect.stringMatching(/JSON/),
      expect.stringContaining('104,857,600'),
    ]);
    expect(text.length).toBeLessThan(20_000);
  });
});

describe('standard input', () => {
  it('is read with -, one question a line', async () => {
    const cwd = await tempDir();
    const input = `${questionText(1)}\n\n${questionText(2)}\n`;
    const run = await millrace(['run', '-', ...FREE, '--topic', 'physics', '--format', 'record'], {
      cwd,
      input,
    });
    expect(run.code, run.stderr).toBe(0);
    const lines = (await readFile(join(cwd, 'dataset.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => line.includes('physics'))).toEqual([true, true]);
    expect(lines[0]).toContain(questionText(1));
  });
});

describe('the number of questions', () => {
  it('is bounded by --max-questions, and the rest is taken by the next run', async () => {
    const cwd = await tempDir();
    await writeFile(join(cwd, 'q.txt'), [1, 2, 3, 4, 5].map(questionText).join('\n'));
    const some = await millrace(['run', 'q.txt', ...FREE, '--max-questions', '2'], { cwd });
    expect([some.code, some.stdout]).toEqual([0, expect.stringContaining('2 questions in')]);
    const all = await millrace(['run', 'q.txt', ...FREE], { cwd });
    expect([all.code, all.stdout]).toEqual([0, expect.stringContaining('5 questions in')]);
  });
});

describe('a data directory', () => {
  it('that cannot be written is named, with what to do', async () => {
    const dir = await tempDir();
    const root = process.getuid?.() === 0;
    await Promise.all(['ro', 'out'].map((name) => mkdir(join(dir, name))));
    await writeFile(join(dir, 'q.txt'), questionText(1));
    await chmod(dir, 0o755);
    if (root) await chown(join(dir, 'out'), NOBODY, NOBODY);
    await chmod(join(dir, 'ro'), 0o555);
    const args = ['run', join(dir, 'q.txt'), '--dry-run', '--out', join(dir, 'out', 'd.jsonl')];
    // Root may write everywhere: it sends nobody.
    const options = { cwd: dir, ...(root ? { uid: NOBODY } : {}) };
    for (const data of [join(dir, 'ro'), join(dir, 'ro', 'below')]) {
      const run = await millrace([...args, '--data', data], options);
      expect(run.code, run.stderr).toBe(1);
      expect(run.stderr).toContain(data);
      expect(run.stderr).toContain('--data');
      expect(run.stderr).not.toMatch(/Unexpected|^\s+at /m);
    }
  });

  it('below a file is named', async () => {
    const cwd = await tempDir();
    await writeFile(join(cwd, 'q.txt'), questionText(1));
    const run = await millrace(['run', 'q.txt', '--dry-run', '--data', 'q.txt/data'], { cwd });
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('q.txt/data');
  });
});

describe('an output that cannot be written', () => {
  it('is found out before anything is paid', async () => {
    const cwd = await tempDir();
    await writeFile(join(cwd, 'q.txt'), questionText(1));
    await mkdir(join(cwd, 'd.jsonl'));
    const run = await millrace(['run', 'q.txt', '--dry-run', '--out', 'd.jsonl'], { cwd });
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/Cannot write d.jsonl: it is a directory/);
    const status = await millrace(['status', '--dry-run'], { cwd });
    expect(status.stderr).toContain('start a run first');
  });
});
