import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stepsOfWorks } from '../../../src/features/questions/steps/steps-of.ts';
import { figuresOfStored } from '../../../src/features/run/estimate/estimate.ts';
import { addSource } from '../../../src/features/sources/add-source.ts';
import { embedLacking, forecastVectors } from '../../../src/features/sources/embed-source.ts';
import { removeSource } from '../../../src/features/sources/forgotten-documents.ts';
import { createSources, generateSyntheticData } from '../../../src/index.ts';
import { parseSettings } from '../../../src/infra/config/load-settings.ts';
import type { WritableIndex } from '../../../src/infra/documents/index/document-index.ts';
import { openIndexOf, vectorsIn } from '../../../src/infra/documents/index/of-settings.ts';
import { openFinder } from '../../../src/infra/documents/vectors/open-finder.ts';
import { openEngine } from '../../../src/infra/engines/open-engine.ts';
import { failureOf } from '../../support/failure-of.ts';
import { type ScriptedLlmServer, startScriptedLlmServer } from '../../support/llm/scripted-llm-server.ts';
import { tempDir } from '../../support/temp-dir.ts';

/** `halt` stands in no document. */
const SAME = [['stop', 'halt']];
const DOCUMENTS = {
  'oil.md': 'Below a pressure of 1.2 bar stop the engine.',
  'sails.md': 'Reef the sail when wind rises.',
  'water.md': 'Change the impeller each spring.',
};
const KEY = 'sk-very-secret-key-of-embeddings';

describe('documents that are searched by vectors', () => {
  let server: ScriptedLlmServer;
  let data: string;
  let index: WritableIndex;

  beforeEach(async () => {
    server = await startScriptedLlmServer({ script: { embeddings: { dimensions: 64, same: SAME } } });
    data = await tempDir();
    vi.stubEnv('KEY_OF_EMBEDDINGS', KEY);
    index = await openIndexOf({ data, namespace: 'millrace' });
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await index.close();
    await server.close();
  });

  type More = Readonly<{ embeddings?: object; maxCost?: number; maxTokens?: number; dryRun?: boolean }>;
  const settingsOf = ({ embeddings = {}, ...more }: More = {}) => {
    const usual = { model: 'e', baseUrl: server.url, apiKeyVariable: 'KEY_OF_EMBEDDINGS', price: 1 };
    return parseSettings({ data, baseUrl: server.url, ...more, embeddings: { ...usual, ...embeddings } });
  };
  const added = async (files: Readonly<Record<string, string>> = DOCUMENTS) => {
    const root = join(data, 'manuals');
    await mkdir(root, { recursive: true });
    for (const [path, text] of Object.entries(files)) await writeFile(join(root, path), text);
    return addSource(index, root);
  };
  const search = async (text: string, more: More = {}) => {
    const finder = await openFinder(settingsOf(more));
    try {
      return (await finder.find({ text, limit: 5 })).map(({ path }) => path);
    } finally {
      await finder.close();
    }
  };
  const texts = () => server.embedded.flatMap(({ input }) => input);

  it('are found by what means the same, and by their words before there are vectors', async () => {
    await added();
    expect(await search('halt')).toEqual([]);
    expect(await search('impeller')).toEqual(['water.md']);
    expect(server.embedded).toEqual([]);
    expect(await embedLacking(index, settingsOf())).toMatchObject({ made: 3, refused: 0 });
    expect((await search('halt'))[0]).toBe('oil.md');
    expect((await search('impeller halt')).slice(0, 2).toSorted()).toEqual(['oil.md', 'water.md']);
  });

  it('are embedded once: again only what has changed, and what was taken out takes its vectors along', async () => {
    await added();
    await embedLacking(index, settingsOf());
    expect(texts()).toHaveLength(3);
    expect(await embedLacking(index, settingsOf())).toBeUndefined();
    await added({ 'sails.md': 'Halt when the wind rises.' });
    expect(await embedLacking(index, settingsOf())).toMatchObject({ made: 1 });
    expect(texts().slice(3)).toEqual(['Halt when the wind rises.']);
    await removeSource(index, 'manuals');
    expect(await vectorsIn(settingsOf())).toMatchObject({ chunks: 0, lacking: 0 });
    expect(await search('halt')).toEqual([]);
    await added();
    expect(await embedLacking(index, settingsOf())).toMatchObject({ made: 3 });
  });

  it('are sent 64 at a time', async () => {
    await added(Object.fromEntries(Array.from({ length: 150 }, (_, n) => [`${n}.md`, `Text number ${n}.`])));
    await embedLacking(index, settingsOf());
    expect(server.embedded.map(({ input }) => input.length).toSorted()).toEqual([22, 64, 64]);
    expect(new Set(texts()).size).toBe(150);
  });

  it('are made by one at a time: whoever comes second waits, and makes what is lacking then', async () => {
    await added();
    let waited = 0;
    const onWait = () => {
      waited += 1;
    };
    const embed = async () => embedLacking(index, settingsOf(), { onWait });
    const made = await Promise.all([embed(), embed()]);
    expect(made.map((each) => each?.made).toSorted()).toEqual([0, 3]);
    expect(waited).toBe(1);
    expect(texts().toSorted()).toEqual(Object.values(DOCUMENTS).toSorted());
  });

  it('get their vectors while the library follows their source', async () => {
    const { embeddings } = settingsOf();
    const sources = await createSources({ data, ...(embeddings === undefined ? {} : { embeddings }) });
    try {
      await added();
      await sources.refresh('manuals');
      await writeFile(join(data, 'manuals', 'new.md'), 'Halt when the wind rises.');
      const stop = new AbortController();
      const onRead = () => stop.abort();
      const onTrouble = expect.unreachable;
      await sources.follow('manuals', { signal: stop.signal, onRead, onTrouble, stillMs: 0, everyMs: 50 });
      expect(texts().slice(3)).toEqual(['Halt when the wind rises.']);
      expect(await vectorsIn(settingsOf())).toMatchObject({ chunks: 4, lacking: 0 });
    } finally {
      await sources.close();
    }
  });

  it('are made anew for another model beside the old vectors, which answer until all are there', async () => {
    await added();
    await embedLacking(index, settingsOf());
    const other = { embeddings: { model: 'other', dimensions: 8 } };
    server.setScript({ embeddings: { dimensions: 64, same: SAME, faults: ['401'] } });
    expect(await failureOf(() => embedLacking(index, settingsOf(other)))).toMatchObject({
      code: 'unauthorized',
    });
    const before = server.embedded.length;
    expect((await search('halt', other))[0]).toBe('oil.md');
    expect(server.embedded.slice(before)).toMatchObject([{ model: 'e', input: ['halt'] }]);
    expect(await embedLacking(index, settingsOf(other))).toMatchObject({ made: 3 });
    expect(await vectorsIn(settingsOf())).toMatchObject({
      answering: { model: 'other', dimensions: 8 },
      lacking: 0,
    });
    expect(await search('halt', other)).toContain('oil.md');
    expect(server.embedded.at(-1)).toMatchObject({ model: 'other', dimensions: 8 });
  });

  it('say what it will cost before anybody is asked, and make none where that is too much', async () => {
    await added();
    const forecasts: unknown[] = [];
    const agree = async (forecast: unknown) => {
      forecasts.push(forecast);
      return false;
    };
    expect(await embedLacking(index, settingsOf(), { agree })).toBeUndefined();
    expect(forecasts).toMatchObject([
      { model: 'e', address: server.url, chunks: 3, tokens: 27, costUsd: 0.000027 },
    ]);
    expect(server.embedded).toEqual([]);
    expect(forecastVectors(settingsOf({ dryRun: true }), { chunks: 1, characters: 9 })).toBeUndefined();
  });

  it('stay within a budget, and what was made is kept', async () => {
    await added(Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`${n}.md`, `Text number ${n}.`])));
    const failure = await failureOf(() => embedLacking(index, settingsOf({ maxTokens: 1_200 })));
    expect(failure).toMatchObject({ code: 'budget_spent' });
    const { lacking } = await vectorsIn(settingsOf());
    expect(lacking).toBeGreaterThan(0);
    expect(lacking).toBeLessThan(300);
    expect(await embedLacking(index, settingsOf())).toMatchObject({ made: lacking });
    const unpriced = settingsOf({ maxCost: 1, embeddings: { price: undefined } });
    await added({ 'new.md': 'A new text.' });
    expect((await failureOf(() => embedLacking(index, unpriced))).message).toMatch(/Set embeddings\.price/);
  });

  it('that a model finds too long are embedded by their beginning, and none at all is left out for it', async () => {
    server.setScript({ embeddings: { dimensions: 64, same: SAME, mostCharacters: 40 } });
    await added({ ...DOCUMENTS, 'long.md': 'Halt! '.repeat(60) });
    expect(await embedLacking(index, settingsOf())).toMatchObject({ made: 3, refused: 1 });
    expect(await embedLacking(index, settingsOf())).toBeUndefined();
    expect((await search('reef'))[0]).toBe('sails.md');
    expect(await search('halt')).toContain('long.md');
  });

  it('keep nothing of a reply that is spoilt, and ask again', async () => {
    await added();
    server.setScript({ embeddings: { dimensions: 64, same: SAME, faults: ['count', '429'] } });
    expect(await embedLacking(index, settingsOf())).toMatchObject({ made: 3 });
    expect(server.embedded.map(({ answered }) => answered)).toEqual([true, false, true]);
  });

  it('refuse vectors of another length than was asked for, or than stand', async () => {
    await added();
    await embedLacking(index, settingsOf());
    server.setScript({ embeddings: { dimensions: 32 } });
    await added({ 'new.md': 'A new text.' });
    expect((await failureOf(() => embedLacking(index, settingsOf()))).message).toMatch(
      /answered with vectors of 32 dimensions, expected were 64\. Set embeddings\.dimensions/,
    );
  });

  it('tell nobody the key: not the index, nor any message', async () => {
    server.setScript({ apiKey: 'another', embeddings: { dimensions: 64 } });
    await added();
    const { message } = await failureOf(() => embedLacking(index, settingsOf()));
    expect(message).toContain('KEY_OF_EMBEDDINGS');
    expect(message).not.toContain(KEY);
    server.setScript({ apiKey: KEY, embeddings: { dimensions: 64 } });
    await embedLacking(index, settingsOf());
    for (const file of await readdir(data))
      if (file.includes('.db')) expect((await readFile(join(data, file))).includes(KEY), file).toBe(false);
  });

  it('ground a run, whose queries are embedded once, whatever is asked again', async () => {
    await added({ 'oil.md': 'Below a pressure of 1.2 bar stop the Corvid engine.' });
    await embedLacking(index, settingsOf());
    const before = server.embedded.length;
    const { embeddings, baseUrl } = settingsOf();
    const run = {
      questions: ['When must one halt?'],
      data,
      baseUrl,
      embeddings,
      research: 'sources',
    } as const;
    const first = await generateSyntheticData(run);
    expect(server.embedded.slice(before).map(({ input }) => input)).toEqual([['When must one halt?']]);
    expect(server.requests.some(({ body }) => body.includes('1.2 bar stop the Corvid'))).toBe(true);
    expect([...first.examples, ...first.errors]).toHaveLength(1);
    await generateSyntheticData({ ...run, redo: 'research' });
    expect(server.embedded).toHaveLength(before + 1);
  });

  it('ground a run whose budget counts its queries, and whose estimate has their price and tokens though the question fails', async () => {
    await added({ 'oil.md': 'Below a pressure of 1.2 bar stop the Corvid engine.' });
    await embedLacking(index, settingsOf());
    const { baseUrl } = settingsOf();
    const { embeddings } = settingsOf({ embeddings: { price: 1_000_000 } });
    const run = {
      ...{ data, baseUrl, embeddings, model: 'free', prices: { free: { input: 0, output: 0 } } },
      research: 'sources',
    } as const;
    const questions = ['When must one halt?'];
    const { summary } = await generateSyntheticData({ ...run, questions, maxCost: 1 });
    expect(summary).toMatchObject({ budgetSpent: 'run', open: 1 });
    expect([server.embedded.length, server.requests.length]).toEqual([2, 0]);
    const { errors } = await generateSyntheticData({ ...run, questions });
    expect([server.embedded.length, server.requests.length > 0]).toEqual([2, true]);
    expect(errors).toMatchObject([{ code: 'no_evidence' }]);
    await using engine = await openEngine({ settings: settingsOf(), namespace: 'millrace', mode: 'read' });
    const [history] = await engine.store.reports.histories(errors[0]?.questionId ?? '');
    if (history === undefined) return expect.unreachable();
    const figures = await figuresOfStored(engine.store, history);
    expect(figures?.costUsd).toBeGreaterThan(1);
    const steps = (await stepsOfWorks(engine.store, history)).flat();
    expect(steps.find(({ kind }) => kind === 'search')?.usage.input).toBeGreaterThan(0);
    const paid = [...history.works.flatMap(({ attempts }) => attempts), ...steps];
    const tokens = paid.reduce((sum, { usage }) => sum + usage.input + usage.output, 0);
    expect(figures?.tokens).toBe(tokens);
  });

  it('are searched by words alone in a simulated run, which asks for no vector', async () => {
    await added();
    await embedLacking(index, settingsOf());
    const before = server.embedded.length;
    const { embeddings } = settingsOf();
    const run = { questions: ['Change the impeller?'], data, embeddings, simulate: 'latency=0,reject=0%' };
    const { examples } = await generateSyntheticData(run);
    expect(examples).toHaveLength(1);
    expect(server.embedded).toHaveLength(before);
  });
});
