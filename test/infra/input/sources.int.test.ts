import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { InputEntry } from '../../../src/infra/input/input-entry.ts';
import { assertReadable, readInputs } from '../../../src/infra/input/read-inputs.ts';
import { expandSources } from '../../../src/infra/input/sources/expand-sources.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { failureOf, inShort, options, streamOf } from './reading.ts';

async function all(entries: AsyncIterable<InputEntry>): Promise<InputEntry[]> {
  const found: InputEntry[] = [];
  for await (const entry of entries) found.push(entry);
  return found;
}

async function folder(): Promise<string> {
  const root = await tempDir();
  await mkdir(join(root, 'data', 'deep'), { recursive: true });
  await mkdir(join(root, 'data', '.git'));
  for (const [name, text] of [
    ['b.jsonl', '"B?"\n'],
    ['a.csv', 'question\nA?\n'],
    ['deep/c.txt', 'C?\n{\n'],
    ['README.md', '# Data'],
    ['dataset_info.json', '{}'],
    ['a.jsonl.rejects.jsonl', '{}'],
    ['.git/x.txt', 'X?\n'],
  ])
    await writeFile(join(root, 'data', name ?? ''), text ?? '');
  return root;
}

describe('what is named as input', () => {
  it('may be a directory: its files of known extensions, sorted, none that is hidden or stands beside a dataset', async () => {
    const root = await folder();
    const files = await expandSources([join(root, 'data')]);
    expect(files).toEqual(['a.csv', 'b.jsonl', 'deep/c.txt'].map((name) => join(root, 'data', name)));
  });

  it('may be globs and files, in the order given', async () => {
    const root = await folder();
    const files = await expandSources(['-', join(root, 'data/deep/c.txt'), join(root, 'data/*.{csv,jsonl}')]);
    expect(files.slice(0, 2)).toEqual(['-', join(root, 'data/deep/c.txt')]);
    expect(files.slice(2).map((path) => path.slice(root.length))).toEqual([
      '/data/a.csv',
      '/data/a.jsonl.rejects.jsonl',
      '/data/b.jsonl',
    ]);
  });

  it('is the files in a directory that is named like a file, as Spark writes them, and no pipe', async () => {
    const root = await tempDir();
    await mkdir(join(root, 'out', 'a.parquet'), { recursive: true });
    await writeFile(join(root, 'out', 'a.parquet', 'part-0.jsonl'), '"A?"\n');
    await promisify(execFile)('mkfifo', [join(root, 'out', 'b.jsonl')]);
    const part = join(root, 'out', 'a.parquet', 'part-0.jsonl');
    expect(await expandSources([join(root, 'out')])).toEqual([part]);
    expect(await expandSources([join(root, 'out/**/*.{jsonl,parquet}')])).toEqual([part]);
  });

  it.each(['', '/*.jsonl'])(
    'names a link that leads nowhere: whoever reads it says so (DIR%s)',
    async (glob) => {
      const root = await tempDir();
      await symlink(join(root, 'gone'), join(root, 'a.jsonl'));
      expect(await expandSources([`${root}${glob}`])).toEqual([join(root, 'a.jsonl')]);
    },
  );

  it('is a file first, whatever its name', async () => {
    const root = await tempDir();
    await writeFile(join(root, 'a[1].txt'), 'A?');
    expect(await expandSources([join(root, 'a[1].txt')])).toEqual([join(root, 'a[1].txt')]);
  });

  it('is refused where a glob or a directory has nothing', async () => {
    const root = await tempDir();
    for (const given of [join(root, '*.csv'), root]) {
      expect(await failureOf(expandSources([given]))).toMatchObject({ kind: 'fatal', code: 'input_missing' });
    }
  });
});

describe('several inputs', () => {
  it('are read one after the other, each by its own form, and a bad entry says where it stands', async () => {
    const root = await folder();
    const files = await expandSources([join(root, 'data')]);
    await writeFile(join(root, 'data/deep/c.txt'), '{"instruction":"C?"}\n{\n');
    const entries = await all(readInputs(files, options));
    expect(inShort(entries).map((line) => line.slice(0, 6))).toEqual(['2 A?', '1 B?', '1 C?', '2 bad:']);
    expect(entries.at(-1)).toMatchObject({ kind: 'bad', file: join(root, 'data/deep/c.txt') });
  });

  it('may be empty but for one', async () => {
    const root = await tempDir();
    const [empty, full] = [join(root, 'a.txt'), join(root, 'b.txt')];
    await writeFile(empty, '');
    expect((await failureOf(all(readInputs([empty, empty], options)))).code).toBe('input_empty');
    await writeFile(full, 'B?\n');
    expect(inShort(await all(readInputs([empty, full], options)))).toEqual(['1 B?']);
  });

  it('are all looked at before anything is asked', async () => {
    const root = await tempDir();
    await writeFile(join(root, 'b.jsonl'), '{"q":"A?"}\n');
    await writeFile(join(root, 'a.txt'), '');
    const failure = await failureOf(assertReadable([join(root, 'a.txt'), join(root, 'b.jsonl')], options));
    expect(failure.code).toBe('input_unrecognised');
  });
});

it('standard input and pipes are not looked into before they are read: what is read of them is gone', async () => {
  const pipe = join(await tempDir(), 'pipe.jsonl');
  await promisify(execFile)('mkfifo', [pipe]);
  const stdin = streamOf('"A?"\n"B?"\n');
  await assertReadable(['-', pipe], { ...options, stdin });
  const writing = writeFile(pipe, '"C?"\n');
  expect(inShort(await all(readInputs(['-', pipe], { ...options, stdin })))).toEqual([
    '1 A?',
    '2 B?',
    '1 C?',
  ]);
  await writing;
});
