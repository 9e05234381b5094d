import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { downloadRoute } from '../../../src/infra/http/dataset/download-route.ts';
import { datasetBytes } from '../../../src/runs/dataset/dataset-bytes.ts';
import { exportFormats } from '../../../src/stages/formats/index.ts';
import { MAIN_LANE } from '../../../src/stages/lane.ts';
import { workIdOf } from '../../../src/streams/work.ts';
import { claimed } from '../../conformance/store/claiming.ts';
import { exampleOf, finishedWith, questionOf, workOf } from '../../conformance/store/fixtures.ts';
import { embedded, served } from './served.ts';

const question = questionOf('Why?');
const approved = { prompt: 'Why?', answer: 'Because.' };

/** A server with one approved example whose first candidate was sent back. */
async function withOne() {
  const engine = await embedded();
  const { store } = engine;
  await store.questions.accept(workOf(question), question, undefined);
  const sentBack = await claimed(store.generations, workOf(question, { stage: 'generation' }));
  await store.generations.complete(sentBack, finishedWith<unknown>({ ...approved, answer: 'So.' }));
  const work = workOf(question, { stage: 'storage', revision: 1, lane: MAIN_LANE });
  const example = exampleOf(question, { candidate: approved, revision: 1 });
  const held = { workId: workIdOf(work), token: sentBack.token };
  await store.dataset.complete(held, finishedWith(example));
  const routes = [downloadRoute(datasetBytes(store.reports))];
  const { address } = await served({ engine, routes });
  return (query: string) => fetch(`${address}/v1/dataset/download?${query}`);
}

describe('a download', () => {
  it.each(exportFormats)('of %s has its lines, as JSONL and as Parquet', async (format) => {
    const download = await withOne();
    const jsonl = await download(`format=${format}`);
    expect(jsonl.headers.get('content-type')).toContain('application/x-ndjson');
    const lines = (await jsonl.text()).trimEnd().split('\n');
    const parquet = await download(`format=${format}&fileType=parquet`);
    expect(parquet.headers.get('content-disposition')).toContain(`dataset-main-${format}.parquet`);
    const rows = await parquetReadObjects({ file: await parquet.arrayBuffer() });
    expect(lines).toHaveLength(format.endsWith('kto') ? 2 : 1);
    expect(rows).toHaveLength(lines.length);
  });

  it('holds only what the filters mean', async () => {
    const download = await withOne();
    expect(await (await download('topic=physics&minScore=8&reviewer=judge')).text()).not.toBe('');
    expect(await (await download('topic=chemistry')).text()).toBe('');
    expect(await (await download('reviewer=human')).text()).toBe('');
    expect((await download('minScore=11')).status).toBe(400);
  });
});
