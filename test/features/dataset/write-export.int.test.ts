import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportReport } from '../../../src/features/dataset/export-report.ts';
import { type Destination, writeExport } from '../../../src/features/dataset/write-export.ts';
import type { Manifest } from '../../../src/stages/dataset/dataset-version.ts';
import { parseSplit } from '../../../src/stages/dataset/split.ts';
import type { Example } from '../../../src/stages/example.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import { emptyDirectory, failureOf, streamOf } from '../../infra/export/workspace.ts';
import { candidates, exampleOf } from '../../stages/formats/fixtures.ts';

const answer = { prompt: '[simulated] Why?', answer: '[simulated] Because.' };

/** Exports sixty examples into the directory of parts `d`, unless told otherwise. */
async function rig() {
  const dir = await emptyDirectory();
  const out = join(dir, 'd');
  const to = (more: Partial<Destination> = {}, overrides: Partial<Example> = {}, count = 60) => {
    const examples = Array.from({ length: count }, (_, index) =>
      exampleOf('sft', { questionId: `q-${index}`, ...overrides }),
    );
    const wanted = { out, format: 'openai', fileType: 'jsonl', simulated: false, ...more } as const;
    return writeExport(streamOf(...examples), wanted);
  };
  const jsonOf = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(join(dir, name), 'utf8'));
  return { dir, out, to, jsonOf };
}

const oldManifest: Manifest = {
  ...{ v: 1, name: 'v1', createdAt: '2026-01-02T03:04:05.000Z', tool: 'millrace test' },
  ledger: { topic: 'millrace.dataset', offsets: [] },
  wish: { lane: MAIN_LANE, filter: {}, format: 'axolotl', fileType: 'jsonl' },
  ...{ files: [], examples: 0, lines: 0, simulated: 0, leftOut: {}, retracted: 0 },
  ...{ trainingTypes: {}, recipes: [], costUsd: 0, unpriced: 0 },
  usage: { input: 0, output: 0, cached: 0, reasoning: 0 },
};

const three = { split: parseSplit('60/20/20') };
const trainAndTest = { split: parseSplit('90/10') };
const parquet = { fileType: 'parquet' } as const;

describe('an export in parts over one in other parts', () => {
  it('leaves no part of the earlier one, in which questions would stand twice, and tells so', async () => {
    const { dir, out, to, jsonOf } = await rig();
    await to(three);
    const exported = await to(trainAndTest);
    expect(await readdir(out)).toEqual(['README.md', 'dataset_info.json', 'test.jsonl', 'train.jsonl']);
    expect(Object.keys(Object(await jsonOf('d/dataset_info.json')))).toEqual(['d', 'd_test']);
    const gone = join(dir, 'd', 'validation.jsonl');
    expect(exportReport(exported, false)).toContain(`Removed ${gone}, which was of the earlier export`);
  });

  it('is still known as simulated by the next one', async () => {
    const { out, to } = await rig();
    const invented = { simulated: true, candidate: answer };
    await to({ ...three, simulated: true }, invented);
    await to({ ...trainAndTest, simulated: true }, invented);
    const { dataset, insteadOf } = await to({ ...trainAndTest, simulated: true }, invented);
    expect([dataset.place.path, insteadOf]).toEqual([out, undefined]);
  });

  it('takes the place of the same parts as files of another type', async () => {
    const { out, to, jsonOf } = await rig();
    await to(three);
    await to({ ...three, ...parquet });
    expect((await readdir(out)).filter((name) => name.endsWith('.jsonl'))).toEqual([]);
    expect(await jsonOf('d/dataset_info.json')).toMatchObject({
      d: { file_name: 'train.parquet' },
      d_validation: { file_name: 'validation.parquet' },
    });
  });

  it('leaves alone what no export of ours wrote', async () => {
    const { out, to, jsonOf } = await rig();
    await to(trainAndTest);
    await writeFile(join(out, 'validation.jsonl'), 'of a person\n');
    const info = Object(await jsonOf('d/dataset_info.json'));
    const theirs = { ...info, d_validation: { file_name: 'validation.jsonl' } };
    await writeFile(join(out, 'dataset_info.json'), JSON.stringify(theirs));
    await to(trainAndTest);
    expect(await readFile(join(out, 'validation.jsonl'), 'utf8')).toBe('of a person\n');
    expect(await jsonOf('d/dataset_info.json')).toHaveProperty('d_validation');
  });
});

it('lines are told of as lines where a question makes several, and as examples where it makes one', async () => {
  const { dir, to } = await rig();
  const out = join(dir, 'one.jsonl');
  const candidate = candidates.dpo;
  const { question } = exampleOf('dpo');
  const labels = await to({ out, format: 'kto' }, { question, candidate }, 3);
  expect(exportReport(labels, false)[0]).toContain(`6 lines of 3 examples in ${out} (kto)`);
  expect(exportReport(await to({ out }, {}, 1), false)[0]).toContain(`1 example in ${out} (openai)`);
});

describe('an earlier dataset', () => {
  const written = async (fileType: 'jsonl' | 'parquet') => {
    const { dir, to } = await rig();
    const at = { out: join(dir, `one.${fileType}`), fileType };
    await to(at, {}, 5);
    const before = await readFile(at.out);
    const stands = async () => before.equals(await readFile(at.out));
    const again = (count: number, more: Partial<Destination> = {}) => to({ ...at, ...more }, {}, count);
    return { dir, at, to, again, stands };
  };

  it.each(['jsonl', 'parquet'] as const)('of %s is never emptied, and that is said', async (fileType) => {
    const { dir, at, again, stands } = await written(fileType);
    const exported = await again(0);
    expect([exported.kept, await stands()]).toEqual([{ why: 'no line' }, true]);
    expect(exportReport(exported, false)[0]).toBe(
      `No example to write: the earlier dataset in ${at.out} is left as it is.`,
    );
    expect((await readdir(dir)).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('in parts is not emptied either', async () => {
    const { out, to } = await rig();
    await to(three);
    const before = await readFile(join(out, 'train.jsonl'), 'utf8');
    expect((await to(three, {}, 0)).kept).toEqual({ why: 'no line' });
    expect(await readFile(join(out, 'train.jsonl'), 'utf8')).toBe(before);
  });

  it.each(['jsonl', 'parquet'] as const)(
    'of %s stays where a run was stopped that has less, which tells both',
    async (fileType) => {
      const { at, again, stands } = await written(fileType);
      const { kept, ...exported } = await again(2, { stopped: true });
      expect(kept).toMatchObject({ why: 'stopped', unit: fileType === 'jsonl' ? 'lines' : 'bytes' });
      expect(await stands()).toBe(true);
      const report = exportReport({ ...exported, kept }, false).join('\n');
      const both =
        /^The earlier dataset in .* \([\d,]+ (?:lines|bytes)\) is left as it is\.\n.*has less \([\d,]+ /;
      expect(report).toMatch(both);
      expect(report).toContain('millrace export --out OTHER');
      for (const [count, stopped] of [
        [5, true],
        [6, true],
        [2, false],
      ] as const)
        expect((await again(count, { stopped })).kept).toBeUndefined();
      expect(at.out).toContain(fileType);
    },
  );

  it('that is simulated gives way to what a stopped run has of a real model', async () => {
    const { dir, to } = await rig();
    const out = join(dir, 'one.jsonl');
    await to({ out, simulated: true }, { simulated: true, candidate: answer }, 5);
    expect((await to({ out, stopped: true }, {}, 1)).kept).toBeUndefined();
  });

  it('that is empty, or none, is no dataset to leave as it is', async () => {
    const { dir, to } = await rig();
    const out = join(dir, 'one.jsonl');
    for (const stopped of [true, false]) expect((await to({ out, stopped }, {}, 0)).kept).toBeUndefined();
  });
});

describe("LLaMA-Factory's list", () => {
  it('that has no room for the dataset is told of before any file is replaced', async () => {
    const { dir, to } = await rig();
    const out = join(dir, 'one.jsonl');
    await to({ out });
    const before = await readFile(out, 'utf8');
    await writeFile(join(dir, 'dataset_info.json'), JSON.stringify({ one: { hf_hub_url: 'their/one' } }));
    expect((await failureOf(to({ out }, {}, 3))).code).toBe('dataset_info_conflict');
    await writeFile(join(dir, 'dataset_info.json'), 'broken');
    expect((await failureOf(to({ out }, {}, 3))).code).toBe('dataset_info_unreadable');
    expect(await readFile(out, 'utf8')).toBe(before);
  });

  it('is told of only where the dataset stands in it', async () => {
    const { dir, to } = await rig();
    const out = join(dir, 'one.jsonl');
    expect((await to({ out })).info).toBe(join(dir, 'dataset_info.json'));
    expect((await to({ out, format: 'record' })).info).toBeUndefined();
    await to({ out });
    expect((await to({ out }, {}, 0)).info).toBeUndefined();
  });
});

describe('what lay beside an earlier dataset of the same place', () => {
  it('is gone where it does not describe the new one', async () => {
    for (const place of ['d', 'one.jsonl']) {
      const { dir, to } = await rig();
      const more = place === 'd' ? three : { out: join(dir, place) };
      const block = place === 'd' ? join(dir, 'd', 'axolotl.yaml') : join(dir, 'one.axolotl.yaml');
      const manifest = place === 'd' ? join(dir, 'd', 'manifest.json') : join(dir, 'one.manifest.json');
      expect((await to({ ...more, format: 'axolotl' })).axolotl?.path).toBe(block);
      await writeFile(manifest, JSON.stringify(oldManifest));
      expect((await to({ ...more, format: 'axolotl' })).removed).toEqual([manifest]);
      await writeFile(manifest, JSON.stringify(oldManifest));
      expect((await to({ ...more, format: 'alpaca' })).removed).toEqual([manifest, block]);
      const files = (await readdir(dir, { recursive: true })).map((name) => join(dir, name));
      expect(files.filter((name) => name === block || name === manifest)).toEqual([]);
    }
  });

  it('stays where a person made it', async () => {
    const { dir, to } = await rig();
    const theirs = {
      'd/axolotl.yaml': 'base_model: m\ndatasets: []\n',
      'd/manifest.json': '{"name": "app"}',
    };
    await to(three);
    for (const [name, text] of Object.entries(theirs)) await writeFile(join(dir, name), text);
    await to(three);
    for (const [name, text] of Object.entries(theirs))
      expect(await readFile(join(dir, name), 'utf8')).toBe(text);
  });
});
