import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { updateDatasetInfo } from '../../../../src/infra/export/card/dataset-info.ts';
import { writeDataset } from '../../../../src/infra/export/dataset-file.ts';
import type { ExportFormat } from '../../../../src/stages/formats/index.ts';
import { exampleOf, type TypeName } from '../../../stages/formats/fixtures.ts';
import { emptyDirectory, failureOf, streamOf } from '../workspace.ts';

async function newPath(info?: string): Promise<string> {
  const out = join(await emptyDirectory(), 'data.jsonl');
  if (info !== undefined) await writeFile(infoPathOf(out), info);
  return out;
}

function infoPathOf(out: string): string {
  return join(dirname(out), 'dataset_info.json');
}

async function update(out: string, format: ExportFormat, type: TypeName = 'sft') {
  return updateDatasetInfo(await writeDataset({ examples: streamOf(exampleOf(type)), out, format }));
}

async function infoOf(out: string): Promise<unknown> {
  return JSON.parse(await readFile(infoPathOf(out), 'utf8'));
}

const alpacaColumns = { prompt: 'instruction', query: 'input' };
const pairColumns = { chosen: 'chosen', rejected: 'rejected' };

describe('the entry', () => {
  it.each<[ExportFormat, TypeName, object]>([
    [
      'openai',
      'sft',
      {
        formatting: 'sharegpt',
        columns: { messages: 'messages' },
        tags: {
          role_tag: 'role',
          content_tag: 'content',
          user_tag: 'user',
          assistant_tag: 'assistant',
          system_tag: 'system',
        },
      },
    ],
    [
      'alpaca',
      'conversation',
      { formatting: 'alpaca', columns: { ...alpacaColumns, response: 'output', history: 'history' } },
    ],
    ['alpaca', 'dpo', { formatting: 'alpaca', ranking: true, columns: { ...alpacaColumns, ...pairColumns } }],
    ['sharegpt', 'reasoning', { formatting: 'sharegpt', columns: { messages: 'conversations' } }],
    [
      'sharegpt',
      'dpo',
      { formatting: 'sharegpt', ranking: true, columns: { messages: 'conversations', ...pairColumns } },
    ],
    [
      'prompt-completion',
      'sft',
      { formatting: 'alpaca', columns: { prompt: 'prompt', response: 'completion' } },
    ],
    [
      'sharegpt-dpo',
      'dpo',
      { formatting: 'sharegpt', ranking: true, columns: { messages: 'conversations', ...pairColumns } },
    ],
    [
      'sharegpt-kto',
      'sft',
      { formatting: 'sharegpt', columns: { messages: 'conversations', kto_tag: 'kto_tag' } },
    ],
  ])('of %s lines with %s examples says how to read them', async (format, type, entry) => {
    const out = await newPath();
    expect(await update(out, format, type)).toBe(infoPathOf(out));
    expect(await infoOf(out)).toEqual({ data: { file_name: 'data.jsonl', ...entry } });
  });

  it('of a Parquet file stands beside that of a JSONL file of the same name', async () => {
    const out = await newPath();
    await update(out, 'openai');
    const path = join(dirname(out), 'data.parquet');
    const examples = streamOf(exampleOf('sft'));
    await updateDatasetInfo(
      await writeDataset({ examples, out: path, format: 'openai', fileType: 'parquet' }),
    );
    expect(await infoOf(out)).toMatchObject({
      data: { file_name: 'data.jsonl' },
      'data.parquet': { file_name: 'data.parquet' },
    });
  });

  it('names only columns that every line has', async () => {
    for (const format of ['openai', 'alpaca', 'sharegpt'] as const) {
      const out = await newPath();
      await update(out, format);
      const columns = Object.keys(JSON.parse(await readFile(out, 'utf8')));
      const info = JSON.parse(await readFile(infoPathOf(out), 'utf8'));
      expect(columns).toEqual(expect.arrayContaining(Object.values(info.data.columns)));
    }
  });

  it.each<ExportFormat>(['trl', 'record'])('is not made for %s', async (format) => {
    expect(await update(await newPath(), format)).toBeUndefined();
  });
});

describe('an existing file', () => {
  it('keeps the entries of others, and what a person added to ours', async () => {
    const foreign = { hf_hub_url: 'someone/else' };
    const ours = { file_name: 'data.jsonl', ranking: true, num_samples: 10 };
    const out = await newPath(JSON.stringify({ foreign, data: ours }));
    await update(out, 'sharegpt');
    expect(await infoOf(out)).toEqual({
      foreign,
      data: {
        file_name: 'data.jsonl',
        formatting: 'sharegpt',
        columns: { messages: 'conversations' },
        num_samples: 10,
      },
    });
  });

  it('loses our entry when the file is no longer what it says', async () => {
    const out = await newPath(JSON.stringify({ foreign: {} }));
    await update(out, 'openai');
    await update(out, 'record');
    expect(await infoOf(out)).toEqual({ foreign: {} });
  });

  it.each(['{"a": ', '[]', '{"a": 1}', ''])('of %j is left alone, with a clear message', async (text) => {
    const out = await newPath(text);
    const failure = await failureOf(update(out, 'openai'));
    expect(failure).toMatchObject({ kind: 'fatal', code: 'dataset_info_unreadable' });
    expect(failure.message).toContain(infoPathOf(out));
    expect(await readFile(infoPathOf(out), 'utf8')).toBe(text);
  });

  it('whose entry of that name is for another file is left alone', async () => {
    const text = JSON.stringify({ data: { hf_hub_url: 'someone/data' } });
    const out = await newPath(text);
    expect((await failureOf(update(out, 'openai'))).code).toBe('dataset_info_conflict');
    expect(await update(out, 'record')).toBeUndefined();
    expect(await readFile(infoPathOf(out), 'utf8')).toBe(text);
  });
});
