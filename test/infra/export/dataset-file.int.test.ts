import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ExportedExample, writeDataset } from '../../../src/infra/export/dataset-file.ts';
import { fileFailure } from '../../../src/infra/files/file-failure.ts';
import { assertReplaceable } from '../../../src/infra/files/replace-file.ts';
import { Failure } from '../../../src/streams/failure.ts';
import { exampleOf } from '../../stages/formats/fixtures.ts';
import { emptyDirectory, failureOf, streamOf } from './workspace.ts';

async function* failing(): AsyncGenerator<ExportedExample> {
  yield { example: exampleOf('sft') };
  throw new Failure('outage', 'store_unreachable', 'The store is away.');
}

describe('what is written', () => {
  it('is one line an example, and the result tells its size and hash', async () => {
    const out = join(await emptyDirectory(), 'data.jsonl');
    const examples = streamOf(exampleOf('sft'), exampleOf('conversation'));
    const dataset = await writeDataset({ examples, out, format: 'openai' });
    const contents = await readFile(out);
    expect(dataset).toMatchObject({
      place: { kind: 'file', path: out },
      shape: 'answers',
      written: 2,
      bytes: contents.length,
      files: [
        {
          path: out,
          lines: 2,
          bytes: contents.length,
          sha256: createHash('sha256').update(contents).digest('hex'),
        },
      ],
    });
    expect(contents.toString().match(/\n/gu)).toHaveLength(2);
    expect(contents.toString().endsWith('\n')).toBe(true);
  });

  it('is the same when it takes many chunks', async () => {
    const out = join(await emptyDirectory(), 'data.jsonl');
    const candidate = { prompt: 'é'.repeat(10_000), answer: 'A' };
    const examples = streamOf(...Array.from({ length: 100 }, () => exampleOf('sft', { candidate })));
    const dataset = await writeDataset({ examples, out, format: 'trl' });
    const contents = await readFile(out);
    expect(dataset.bytes).toBe(contents.length);
    expect(dataset.files[0]?.sha256).toBe(createHash('sha256').update(contents).digest('hex'));
    expect(contents.toString().trimEnd().split('\n')).toHaveLength(100);
  });

  it('counts what the format cannot hold, by reason', async () => {
    const out = join(await emptyDirectory(), 'data.jsonl');
    const examples = streamOf(exampleOf('sft'), exampleOf('dpo'), exampleOf('sft'), exampleOf('poetry'));
    const { written, skipped, statistics } = await writeDataset({ examples, out, format: 'dpo' });
    expect(written).toBe(1);
    expect(statistics.examples).toBe(1);
    expect([...skipped]).toEqual([
      ['nothing was sent back: there is no answer to reject', 2],
      ['training type "poetry" is unknown', 1],
    ]);
  });

  it('never mixes answers and preferences: the first line decides', async () => {
    const out = join(await emptyDirectory(), 'data.jsonl');
    const examples = streamOf(exampleOf('dpo'), exampleOf('sft'), exampleOf('dpo'));
    const { written, shape, skipped } = await writeDataset({ examples, out, format: 'sharegpt' });
    expect({ written, shape }).toEqual({ written: 2, shape: 'preferences' });
    expect([...skipped.keys()]).toEqual([expect.stringContaining('the file holds preferences')]);
  });

  it('carries the id of the user in a record', async () => {
    const out = join(await emptyDirectory(), 'data.jsonl');
    async function* asked(): AsyncGenerator<ExportedExample> {
      yield { example: exampleOf('sft'), submission: { id: 'mine' } };
    }
    await writeDataset({ examples: asked(), out, format: 'record' });
    expect(JSON.parse(await readFile(out, 'utf8')).id).toBe('mine');
  });

  it('is an empty file when there are no examples', async () => {
    const out = join(await emptyDirectory(), 'data.jsonl');
    const dataset = await writeDataset({ examples: streamOf(), out, format: 'openai' });
    expect(dataset).toMatchObject({ written: 0, bytes: 0, shape: undefined });
    expect(await readFile(out, 'utf8')).toBe('');
  });
});

describe('the old file', () => {
  it('stands untouched, with nothing beside it, when the examples break off', async () => {
    const directory = await emptyDirectory();
    const out = join(directory, 'data.jsonl');
    await writeFile(out, 'old\n');
    const failure = await failureOf(writeDataset({ examples: failing(), out, format: 'openai' }));
    expect(failure.code).toBe('store_unreachable');
    expect(await readFile(out, 'utf8')).toBe('old\n');
    expect(await readdir(directory)).toEqual(['data.jsonl']);
  });

  it('is replaced whole', async () => {
    const directory = await emptyDirectory();
    const out = join(directory, 'data.jsonl');
    await writeFile(out, 'old\n'.repeat(1_000));
    await writeDataset({ examples: streamOf(exampleOf('sft')), out, format: 'openai' });
    expect(await readFile(out, 'utf8')).not.toContain('old');
    expect(await readdir(directory)).toEqual(['data.jsonl']);
  });

  it('is rid of what a killed export left beside it, but not of what one at work writes', async () => {
    const directory = await emptyDirectory();
    const names = ['.data.jsonl.0a1b2c3d.partial', '.data.jsonl.4e5f6071.partial'];
    const others = ['.other.jsonl.0a1b2c3d.partial', '.data.jsonl.mine.partial'];
    for (const name of [...names, ...others]) await writeFile(join(directory, name), 'half');
    const longAgo = new Date(Date.now() - 25 * 3_600_000);
    for (const name of [names[0] ?? '', ...others]) await utimes(join(directory, name), longAgo, longAgo);
    await writeDataset({
      ...{ examples: streamOf(exampleOf('sft')), out: join(directory, 'data.jsonl'), format: 'openai' },
    });
    expect(await readdir(directory)).toEqual([names[1], ...others, 'data.jsonl'].toSorted());
  });

  it('stays a link when it is one', async () => {
    const directory = await emptyDirectory();
    const [target, link] = [join(directory, 'target.jsonl'), join(directory, 'link.jsonl')];
    await writeFile(target, 'old\n');
    await symlink(target, link);
    await writeDataset({ examples: streamOf(exampleOf('sft')), out: link, format: 'openai' });
    expect(await readFile(target, 'utf8')).toContain('messages');
  });
});

describe('a place that cannot be written', () => {
  it('is made if only its directory is missing', async () => {
    const out = join(await emptyDirectory(), 'a', 'b', 'data.jsonl');
    await writeDataset({ examples: streamOf(exampleOf('sft')), out, format: 'openai' });
    expect(await readFile(out, 'utf8')).toContain('messages');
  });

  it.each(['directory', 'part of the path'])('is refused when a file stands as its %s', async (place) => {
    const directory = await emptyDirectory();
    await writeFile(join(directory, 'file'), '');
    const out = join(directory, 'file', ...(place === 'directory' ? [] : ['deeper']), 'data.jsonl');
    const failure = await failureOf(writeDataset({ examples: streamOf(), out, format: 'openai' }));
    expect(failure).toMatchObject({ kind: 'fatal', code: 'not_a_directory' });
  });

  it('is refused when it is a directory', async () => {
    const out = join(await emptyDirectory(), 'data.jsonl');
    await mkdir(out);
    const failure = await failureOf(assertReplaceable(out));
    expect(failure).toMatchObject({ kind: 'fatal', code: 'not_a_file' });
  });

  it('is refused when its directory is read-only', async ({ skip }) => {
    if (process.getuid?.() === 0) skip('root may write everywhere');
    const directory = await emptyDirectory();
    await chmod(directory, 0o500);
    const out = join(directory, 'data.jsonl');
    expect(await failureOf(assertReplaceable(out))).toMatchObject({ kind: 'fatal', code: 'read_only' });
    await chmod(directory, 0o700);
  });

  it('leaves no trace when it can be written after all', async () => {
    const directory = await emptyDirectory();
    await assertReplaceable(join(directory, 'data.jsonl'));
    expect(await readdir(directory)).toEqual([]);
  });

  it.each([
    ['ENOSPC', 'disk_full', 'Free some space'],
    ['EDQUOT', 'disk_full', 'Free some space'],
    ['EROFS', 'read_only', 'Choose another place'],
    ['EACCES', 'read_only', 'change its permissions'],
    ['EIO', 'write_failed', 'broken'],
  ])('%s is a fatal %s that says what to do', (code, expected, advice) => {
    const failure = fileFailure(Object.assign(new Error('broken'), { code }), '/data/x.jsonl');
    expect(failure).toMatchObject({ kind: 'fatal', code: expected });
    expect(failure.message).toContain('/data/x.jsonl');
    expect(failure.message).toContain(advice);
  });
});
