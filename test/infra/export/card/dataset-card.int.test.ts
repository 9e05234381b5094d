import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { existingDataset, writeDatasetCard } from '../../../../src/infra/export/card/dataset-card.ts';
import { writeDataset } from '../../../../src/infra/export/dataset-file.ts';
import { cardPathOf } from '../../../../src/infra/export/dataset-path.ts';
import type { Example } from '../../../../src/stages/example.ts';
import { exampleOf } from '../../../stages/formats/fixtures.ts';
import { emptyDirectory, file, streamOf } from '../workspace.ts';

const createdAt = new Date('2026-01-02T03:04:05Z');
const invented = exampleOf('sft', {
  simulated: true,
  candidate: { prompt: '[simulated] Why?', answer: '[simulated] Because.' },
});

async function exported(examples: readonly Example[], out: string, license?: string) {
  const dataset = await writeDataset({ examples: streamOf(...examples), out, format: 'openai' });
  const card = await readFile(await writeDatasetCard(dataset, { createdAt, license }), 'utf8');
  const [, head = ''] = card.split('---\n');
  return { dataset, card, head: parse(head) };
}

async function newPath(): Promise<string> {
  return join(await emptyDirectory(), 'data.jsonl');
}

it('the card stands beside the file, under its name', () => {
  expect(cardPathOf(file('/d/data.jsonl'))).toBe('/d/data.card.md');
  expect(cardPathOf(file('/d/data.train'))).toBe('/d/data.train.card.md');
});

it('the card names the data sets that the questions come from, with commit and licence, as long as nobody says otherwise', async () => {
  const out = await newPath();
  const origins = [{ dataset: 'me/cards', commit: 'abc123', license: 'cc-by-4.0' }];
  const dataset = await writeDataset({ examples: streamOf(exampleOf('sft')), out, format: 'openai' });
  const card = async (options: object) =>
    readFile(await writeDatasetCard(dataset, { createdAt, ...options }), 'utf8');
  const row = '| me/cards | abc123 | cc-by-4.0 |';
  const first = await card({ origins });
  expect(first).toContain(row);
  expect(parse(first.split('---\n')[1] ?? '')).toMatchObject({
    source_datasets: ['me/cards'],
    license: 'unknown',
  });
  expect(await card({})).toContain(row);
  expect(await card({ origins: [] })).not.toContain('me/cards');
});

describe('the front matter', () => {
  it('has the fields of the Hub, and ties the card to the file', async () => {
    const { head, dataset } = await exported([exampleOf('sft')], await newPath(), 'cc-by-4.0');
    expect(head).toEqual({
      license: 'cc-by-4.0',
      pretty_name: 'data',
      size_categories: ['n<1K'],
      task_categories: ['text-generation'],
      tags: ['synthetic', 'millrace'],
      configs: [{ config_name: 'default', data_files: 'data.jsonl' }],
      millrace: {
        format: 'openai',
        examples: 1,
        simulated: 0,
        bytes: dataset.bytes,
        sha256: dataset.files[0]?.sha256,
      },
    });
  });

  it('claims no licence that nobody chose', async () => {
    expect((await exported([exampleOf('sft')], await newPath())).head.license).toBe('unknown');
  });

  it('keeps the licence and languages that a person wrote into the older card', async () => {
    const out = await newPath();
    const { card } = await exported([exampleOf('sft')], out);
    await writeFile(cardPathOf(file(out)), card.replace('license: unknown', 'license: mit\nlanguage: sv'));
    expect((await exported([exampleOf('sft')], out)).head).toMatchObject({
      license: 'mit',
      language: ['sv'],
    });
  });
});

describe('the body', () => {
  it('tells topics, types, scores, models, prompts, tokens and cost', async () => {
    const { card } = await exported(
      [exampleOf('sft'), exampleOf('dpo', { revision: 1 }), exampleOf('poetry')],
      await newPath(),
    );
    for (const row of [
      '2 synthetic examples',
      'Made on 2026-01-02',
      '| dpo | 1 |',
      '| physics | optics | 2 |',
      '| 8 | 2 | █',
      '| correctness | 9.00 |',
      '| generation | gpt-x | abc123 | 2 |',
      '| input tokens | 2,000 (200 of them cached) |',
      '| cost | $0.0040 |',
      '| main | 2 |',
      '| training type "poetry" is unknown | 1 |',
      'only the chosen answer is kept',
    ]) {
      expect(card).toContain(row);
    }
    expect(card).not.toContain('SIMULATED');
  });

  it('says when a price is not known', async () => {
    const [work] = exampleOf('sft').provenance;
    const provenance = work === undefined ? [] : [{ ...work, costUsd: null }];
    const { card } = await exported([exampleOf('sft', { provenance })], await newPath());
    expect(card).toContain('$0.0000 and 1 works whose price is not known');
  });

  it('lets no topic break its table', async () => {
    const question = { ...exampleOf('sft').question, topic: 'a | b\n<script>', subTopic: '' };
    const { card } = await exported([exampleOf('sft', { question })], await newPath());
    expect(card).toContain('| a \\| b &lt;script> | (none) | 1 |');
  });

  it('lists a bounded number of topics', async () => {
    const { question } = exampleOf('sft');
    const examples = Array.from({ length: 2_000 }, (_, index) =>
      exampleOf('sft', { question: { ...question, topic: `t${index}` } }),
    );
    const { card, dataset } = await exported(examples, await newPath());
    expect(dataset.statistics.topics.size).toBe(1_001);
    expect(card).toContain('… and 951 more.');
    expect(card).toContain('1K<n<10K');
  });

  it('is a card even when the file is empty', async () => {
    expect((await exported([], await newPath())).card).toContain('0 synthetic examples');
  });

  it('warns loudly when the examples are simulated', async () => {
    const { card, head } = await exported([invented], await newPath());
    expect(card).toContain('SIMULATED: THIS IS NO TRAINING DATA');
    expect(head.tags).toContain('simulated');
  });
});

describe('what stands at a path', () => {
  it('is nothing to lose without a file, or with an empty one', async () => {
    const out = await newPath();
    expect(await existingDataset(file(out))).toBe('absent');
    await writeFile(out, '');
    expect(await existingDataset(file(out))).toBe('absent');
  });

  it('is simulated when the card of this very file says so', async () => {
    const out = await newPath();
    await exported([invented], out);
    expect(await existingDataset(file(out))).toBe('simulated');
  });

  it('is real when the card is of an older file', async () => {
    const out = await newPath();
    await exported([invented], out);
    await writeFile(out, 'what a person put there\n');
    expect(await existingDataset(file(out))).toBe('real');
  });

  it.each([
    ['no card', undefined],
    ['a card without front matter', '# Mine\n'],
    ['a card with broken front matter', '---\n{[\n---\n'],
    ['a card of another tool', '---\nlicense: mit\n---\n'],
  ])('is real with %s', async (_, card) => {
    const out = await newPath();
    await writeFile(out, '{}\n');
    if (card !== undefined) await writeFile(cardPathOf(file(out)), card);
    expect(await existingDataset(file(out))).toBe('real');
  });

  it('is real when only some of it is simulated', async () => {
    const out = await newPath();
    await exported([invented, exampleOf('sft')], out);
    expect(await existingDataset(file(out))).toBe('real');
  });
});
