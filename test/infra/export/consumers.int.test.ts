import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { writeDatasetCard } from '../../../src/infra/export/card/dataset-card.ts';
import { type ExportedExample, writeDataset } from '../../../src/infra/export/dataset-file.ts';
import { FILE_TYPES } from '../../../src/infra/export/encoders/encoder.ts';
import { partOf, SPLIT_NAMES, type Split, type SplitName } from '../../../src/stages/dataset/split.ts';
import { exportFormats } from '../../../src/stages/formats/index.ts';
import { candidates, exampleOf, trainerFormats } from '../../stages/formats/fixtures.ts';
import { exported } from '../../support/consumers/examples.ts';
import { describeWithPython } from '../../support/consumers/python-datasets.ts';
import { tempDir } from '../../support/temp-dir.ts';

const programOf = (name: string) => join(import.meta.dirname, '../../support/consumers', name);
const QUESTIONS = 40;
const split: Split = [
  ['train', 50],
  ['validation', 25],
  ['test', 25],
];

/** Reasoning and answers, and a history for the formats that live on one. */
async function* examples(): AsyncGenerator<ExportedExample> {
  for (let index = 0; index < QUESTIONS; index += 1) {
    const type = index % 2 === 0 ? 'sft' : 'reasoning';
    const sentBack = [{ ...candidates[type], answer: 'It is as it is.' }];
    yield { example: exampleOf(type, { questionId: `q-${index}` }), sentBack };
  }
}

const answers = { conversational: true, rows: QUESTIONS, sameAsParquet: true };
/** Of a format that is not TRL's, TRL is not asked. */
const none = { conversational: null, texts: null, rows: QUESTIONS, sameAsParquet: true };
const EXPECTED: Readonly<Record<string, unknown>> = {
  openai: { ...answers, texts: ['text'] },
  'openai-dpo': none,
  trl: { ...answers, texts: ['completion', 'prompt'] },
  'prompt-completion': { ...none, conversational: false },
  dpo: { ...answers, texts: ['chosen', 'prompt', 'rejected'] },
  kto: { ...answers, rows: 2 * QUESTIONS, texts: ['completion', 'label', 'prompt'] },
  alpaca: none,
  sharegpt: none,
  'sharegpt-dpo': none,
  'sharegpt-kto': { ...none, rows: 2 * QUESTIONS },
  axolotl: { ...answers, texts: ['text'] },
  'axolotl-dpo': none,
};

await describeWithPython('what trainers make of the files', (python) => {
  it('datasets loads every format as JSONL and as Parquet alike, its parts by the card, and TRL knows its own', async () => {
    const directory = await tempDir();
    for (const format of trainerFormats)
      for (const fileType of FILE_TYPES)
        await writeDataset({
          ...{ examples: examples(), format, fileType },
          out: join(directory, `${format}.${fileType}`),
        });
    const out = join(directory, 'parts');
    const parts = await writeDataset({ examples: examples(), out, format: 'trl', split });
    await writeDatasetCard(parts, { createdAt: new Date() });
    const said = await python([programOf('check_datasets.py'), directory, join(directory, 'cache')]);
    const found = z.record(z.string(), z.unknown()).parse(JSON.parse(said.trim().split('\n').at(-1) ?? ''));
    expect(found).toEqual({ ...EXPECTED, unpaired: [false, true], parts: sizes() });
  });

  it('system prompts, tools, calls, results, thoughts and earlier turns come out of datasets and of TRL as they went in', async () => {
    const directory = await tempDir();
    for (const format of exportFormats)
      for (const fileType of FILE_TYPES)
        await writeDataset({
          ...{ examples: exported(), format, fileType },
          out: join(directory, `${format}.${fileType}`),
        });
    const said = await python([programOf('check_trl.py'), directory, join(directory, 'cache')]);
    const found = z.record(z.string(), z.string()).parse(JSON.parse(said.trim().split('\n').at(-1) ?? ''));
    expect(found).toEqual(Object.fromEntries(exportFormats.map((format) => [format, 'nothing'])));
  });
});

function sizes(): Readonly<Record<SplitName, number>> {
  const count = (part: SplitName) =>
    Array.from({ length: QUESTIONS }, (_, index) => partOf(split, `q-${index}`)).filter(
      (each) => each === part,
    ).length;
  const [train, validation, test] = SPLIT_NAMES.map(count);
  return { train: train ?? 0, validation: validation ?? 0, test: test ?? 0 };
}
