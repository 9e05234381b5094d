import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { axolotlBlockOf, writeAxolotlBlock } from '../../../src/infra/export/card/axolotl-block.ts';
import { existingDataset, writeDatasetCard } from '../../../src/infra/export/card/dataset-card.ts';
import { updateDatasetInfo } from '../../../src/infra/export/card/dataset-info.ts';
import { writeDataset } from '../../../src/infra/export/dataset-file.ts';
import { parseSplit } from '../../../src/stages/dataset/split.ts';
import type { Example } from '../../../src/stages/example.ts';
import type { ExportFormat } from '../../../src/stages/formats/index.ts';
import { Failure } from '../../../src/streams/failure.ts';
import { exampleOf } from '../../stages/formats/fixtures.ts';
import { emptyDirectory, failureOf, streamOf } from './workspace.ts';

const createdAt = new Date('2026-01-02T03:04:05Z');
const examples = (count: number, overrides: Partial<Example> = {}) =>
  Array.from({ length: count }, (_, index) => exampleOf('sft', { questionId: `q-${index}`, ...overrides }));

async function inParts(count = 60, format: ExportFormat = 'openai', overrides: Partial<Example> = {}) {
  const out = join(await emptyDirectory(), 'data');
  const split = parseSplit('60/20/20');
  const dataset = await writeDataset({
    examples: streamOf(...examples(count, overrides)),
    out,
    format,
    split,
  });
  return { out, dataset };
}

describe('a dataset in parts', () => {
  it('has every example in exactly one file', async () => {
    const { out, dataset } = await inParts();
    expect(await readdir(out)).toEqual(['test.jsonl', 'train.jsonl', 'validation.jsonl']);
    const texts = await Promise.all(dataset.files.map(({ path }) => readFile(path, 'utf8')));
    const lines = texts.map((text) => text.split('\n').filter((line) => line !== '').length);
    expect(lines).toEqual(dataset.files.map((file) => file.lines));
    expect([dataset.written, dataset.statistics.examples]).toEqual([60, 60]);
  });

  it('is named to the Hub by the card, but not a part without lines', async () => {
    const { out, dataset } = await inParts(1);
    await writeDatasetCard(dataset, { createdAt });
    const [, head = ''] = (await readFile(join(out, 'README.md'), 'utf8')).split('---\n');
    const [only] = dataset.files.filter(({ lines }) => lines > 0);
    expect(parse(head).configs).toEqual([
      { config_name: 'default', data_files: [{ split: only?.part, path: `${only?.part}.jsonl` }] },
    ]);
  });

  it('is named to LLaMA-Factory part by part', async () => {
    const { out, dataset } = await inParts();
    await updateDatasetInfo(dataset);
    const info = JSON.parse(await readFile(join(out, 'dataset_info.json'), 'utf8'));
    expect(info).toMatchObject({
      data: { file_name: 'train.jsonl' },
      data_validation: { file_name: 'validation.jsonl' },
      data_test: { file_name: 'test.jsonl' },
    });
  });

  it('is known as simulated by the hash of each file, and as real otherwise', async () => {
    const candidate = { prompt: '[simulated] Why?', answer: '[simulated] Because.' };
    const { out, dataset } = await inParts(30, 'openai', { simulated: true, candidate });
    const place = { kind: 'directory', path: out } as const;
    expect(await existingDataset(place)).toBe('real');
    await writeDatasetCard(dataset, { createdAt });
    expect(await existingDataset(place)).toBe('simulated');
    expect(await existingDataset({ kind: 'directory', path: join(out, 'none') })).toBe('absent');
  });

  it('replaces no file where one of them cannot be made', async () => {
    const { out, dataset } = await inParts();
    const before = await Promise.all(dataset.files.map(({ path }) => readFile(path, 'utf8')));
    const check = () => Promise.reject(new Failure('fatal', 'version_differs', 'Not the same.'));
    const split = parseSplit('60/20/20');
    const again = writeDataset({ examples: streamOf(...examples(3)), out, format: 'openai', split, check });
    expect((await failureOf(again)).code).toBe('version_differs');
    expect(await Promise.all(dataset.files.map(({ path }) => readFile(path, 'utf8')))).toEqual(before);
    expect(await readdir(out)).toHaveLength(3);
  });
});

describe("Axolotl's block", () => {
  it('reads the training part, and tests on the validation part', async () => {
    const { out, dataset } = await inParts(60, 'axolotl');
    const written = await writeAxolotlBlock(dataset);
    expect(written?.path).toBe(join(out, 'axolotl.yaml'));
    const entry = { ds_type: 'json', split: 'train', type: 'chat_template', field_messages: 'messages' };
    expect(parse(written?.text ?? '')).toEqual({
      datasets: [{ path: join(out, 'train.jsonl'), ...entry }],
      test_datasets: [{ path: join(out, 'validation.jsonl'), ...entry }],
    });
  });

  it('says that pairs are learnt by preference, and names the fields of a Parquet file', async () => {
    const path = join(await emptyDirectory(), 'pairs.parquet');
    const dataset = await writeDataset({
      ...{ examples: streamOf(exampleOf('dpo')), out: path, format: 'axolotl-dpo', fileType: 'parquet' },
    });
    const [fields] = dataset.files;
    expect(fields?.lines).toBe(1);
    expect(parse(axolotlBlockOf(dataset) ?? '')).toEqual({
      rl: 'dpo',
      datasets: [
        {
          ...{ path, ds_type: 'parquet', split: 'train', type: 'chat_template.default' },
          ...{ field_messages: 'messages', field_chosen: 'chosen', field_rejected: 'rejected' },
        },
      ],
    });
  });

  it('is not made for formats that Axolotl cannot read', async () => {
    const { dataset } = await inParts(3, 'kto');
    expect(axolotlBlockOf(dataset)).toBeUndefined();
  });
});
