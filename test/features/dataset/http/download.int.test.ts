import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { exportDataset } from '../../../../src/features/dataset/export-dataset.ts';
import { cardRoute } from '../../../../src/features/dataset/http/card-route.ts';
import { downloadRoute } from '../../../../src/features/dataset/http/download-route.ts';
import { datasetOpener } from '../../../../src/features/dataset/http/open-dataset.ts';
import { datasetStatisticsRoute } from '../../../../src/features/dataset/http/statistics-route.ts';
import { FILE_TYPES } from '../../../../src/infra/export/encoders/encoder.ts';
import { definePlugin } from '../../../../src/infra/plugins/plugin.ts';
import { registerPlugin } from '../../../../src/infra/plugins/register.ts';
import { parseSplit, SPLIT_NAMES } from '../../../../src/stages/dataset/split.ts';
import { defineFormat } from '../../../../src/stages/formats/format.ts';
import { exportFormats } from '../../../../src/stages/formats/index.ts';
import { record } from '../../../../src/stages/formats/record.ts';
import { MAIN_LANE } from '../../../../src/stages/lanes/lane.ts';
import type { Question } from '../../../../src/stages/question.ts';
import { workIdOf } from '../../../../src/streams/work/work.ts';
import { claimed } from '../../../../src/testing/store/claiming.ts';
import { exampleOf, finishedWith, questionOf, workOf } from '../../../../src/testing/store/fixtures.ts';
import { embedded, served } from '../../../support/http/served.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const approved = { prompt: 'Why?', answer: 'Because.' };

/** A server with one approved example whose first candidate was sent back. */
async function withOne(answer = approved.answer, parts: Partial<Question> = {}) {
  const question = { ...questionOf('Why?'), ...parts };
  const engine = await embedded();
  const { store } = engine;
  await store.questions.accept(workOf(question), question, undefined);
  const sentBack = await claimed(store.generations, workOf(question, { stage: 'generation' }));
  await store.generations.complete(sentBack, finishedWith<unknown>({ ...approved, answer: 'So.' }));
  const work = workOf(question, { stage: 'storage', revision: 1, lane: MAIN_LANE });
  const example = exampleOf(question, { candidate: { ...approved, answer }, revision: 1 });
  const held = { workId: workIdOf(work), token: sentBack.token };
  await store.dataset.complete(held, finishedWith(example));
  const open = datasetOpener({ engine, namespace: 'test' });
  const routes = [
    downloadRoute(open),
    cardRoute({ open, reports: engine.store.reports, license: undefined }),
    datasetStatisticsRoute({ reports: engine.store.reports, simulated: false }),
  ];
  const { address } = await served({ engine, routes });
  return (query: string, what = 'download') => fetch(`${address}/v1/dataset/${what}?${query}`);
}

describe('a download', () => {
  it.each(exportFormats)('of %s has its lines, as JSONL and as Parquet', async (format) => {
    const download = await withOne();
    const jsonl = await download(`format=${format}`);
    expect(jsonl.headers.get('content-type')).toContain('application/x-ndjson');
    const lines = (await jsonl.text()).split('\n').filter((line) => line !== '');
    const parquet = await download(`format=${format}&fileType=parquet`);
    expect(parquet.headers.get('content-disposition')).toContain(`dataset-main-${format}.parquet`);
    const rows = await parquetReadObjects({ file: await parquet.arrayBuffer() });
    // An example from memory has no passages and no quotes.
    const ofOne = format === 'rag' || format === 'citations' ? 0 : 1;
    expect(lines).toHaveLength(format.endsWith('kto') ? 2 : ofOne);
    expect(rows).toHaveLength(lines.length);
  });

  it('takes an example without its system prompt or tools where the format has no place for them', async () => {
    const download = await withOne(approved.answer, { system: 'Be brief.' });
    const query = 'format=prompt-completion';
    expect(await (await download(query)).text()).toBe('');
    const bare = await (await download(`${query}&without=system,tools`)).text();
    expect(JSON.parse(bare)).toEqual({ prompt: 'Why?', completion: 'Because.' });
    expect((await download(`${query}&without=history`)).status).toBe(400);
  });

  it('of record as Parquet has the system prompt as the text that it is', async () => {
    const system = '{"tone":"brief"}';
    const download = await withOne(approved.answer, { system, reference: 'So.' });
    const parquet = await download('format=record&fileType=parquet');
    const [row] = await parquetReadObjects({ file: await parquet.arrayBuffer() });
    expect(row).toMatchObject({ question: { system, reference: 'So.' } });
  });

  it('is offered in every format that is registered, those of plugins too', async () => {
    const download = await withOne();
    const cards = defineFormat({ name: 'cards', description: 'to learn by', whole: record.whole });
    const { undo } = registerPlugin(definePlugin({ name: '@me/cards', version: '1.0.0', formats: [cards] }));
    const answer = await download('', 'statistics').finally(undo);
    expect(await answer.json()).toMatchObject({
      formats: [...exportFormats, 'cards'].map((name) => expect.objectContaining({ name })),
    });
  });

  it('holds only what the filters mean', async () => {
    const download = await withOne();
    expect(await (await download('topic=physics&minScore=8&reviewer=judge')).text()).not.toBe('');
    expect(await (await download('topic=chemistry')).text()).toBe('');
    expect(await (await download('reviewer=human')).text()).toBe('');
    expect((await download('minScore=11')).status).toBe(400);
  });

  it('leaves out texts with marks that trainers obey where that is asked, and its card counts them', async () => {
    const download = await withOne('It is <image>.');
    for (const query of ['', 'skipMarks=false'])
      expect(await (await download(query)).text()).toContain('<image>');
    expect(await (await download('skipMarks=true')).text()).toBe('');
    expect(await (await download('skipMarks=true', 'card')).text()).toMatch(/hold marks.*\| 1 \|/);
    expect((await download('skipMarks=yes')).status).toBe(400);
  });

  it.each(['part=train', 'split=90/10', 'split=90/10&part=validation', 'split=all&part=train'])(
    'is refused where %s makes no part',
    async (query) => {
      expect((await (await withOne())(query)).status).toBe(400);
    },
  );
});

/** A server with many approved examples of one training type each, in turn. */
async function withMany() {
  const engine = await embedded();
  const { store } = engine;
  for (let at = 0; at < 60; at += 1) {
    const asked = questionOf(`Why ${at}?`, at % 2 === 0 ? 'sft' : 'dpo');
    await store.questions.accept(workOf(asked), asked, undefined);
    const { token } = await claimed(store.generations, workOf(asked, { stage: 'generation' }));
    const work = workOf(asked, { stage: 'storage', lane: MAIN_LANE });
    const pair = { prompt: 'Why?', chosen: `Because ${at}.`, rejected: 'So.' };
    const candidate = at % 2 === 0 ? { prompt: 'Why?', answer: `Because ${at}.` } : pair;
    await store.dataset.complete(
      { workId: workIdOf(work), token },
      finishedWith(exampleOf(asked, { candidate })),
    );
  }
  const open = datasetOpener({ engine, namespace: 'test' });
  const routes = [
    downloadRoute(open),
    cardRoute({ open, reports: engine.store.reports, license: undefined }),
  ];
  const { address } = await served({ engine, routes });
  return {
    store,
    download: async (query: string) => (await fetch(`${address}/v1/dataset/download?${query}`)).bytes(),
    card: async (query: string) => (await fetch(`${address}/v1/dataset/card?${query}`)).text(),
  };
}

describe('the parts of a dataset', () => {
  it.each(['record', 'openai', 'alpaca'] as const)(
    'as %s are what an export with these shares writes, to the byte, and together the whole',
    async (format) => {
      const { store, download, card } = await withMany();
      for (const fileType of FILE_TYPES) {
        const out = join(await tempDir(), 'parts');
        const split = parseSplit('50/30/20');
        const query = { lane: MAIN_LANE, verdict: 'approved' } as const;
        const { dataset } = await exportDataset(store, {
          ...{ out, format, fileType, split, query, simulated: false },
        });
        for (const { path, part, sha256 } of dataset.files) {
          const asked = `format=${format}&fileType=${fileType}&split=50/30/20&part=${part}`;
          expect(Buffer.from(await download(asked)).equals(await readFile(path))).toBe(true);
          expect(await card(asked)).toContain(sha256);
        }
      }
      const linesOf = async (part: string) =>
        Buffer.from(await download(`format=${format}${part}`))
          .toString()
          .split('\n')
          .filter((line) => line !== '');
      const parts = await Promise.all(SPLIT_NAMES.map((part) => linesOf(`&split=50/30/20&part=${part}`)));
      expect(parts.flat().toSorted()).toEqual((await linesOf('')).toSorted());
    },
  );
});
