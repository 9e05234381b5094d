import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { cardRoute } from '../../../../src/features/dataset/http/card-route.ts';
import { downloadRoute } from '../../../../src/features/dataset/http/download-route.ts';
import { datasetOpener } from '../../../../src/features/dataset/http/open-dataset.ts';
import { MAIN_LANE } from '../../../../src/stages/lanes/lane.ts';
import { workIdOf } from '../../../../src/streams/work/work.ts';
import { claimed } from '../../../../src/testing/store/claiming.ts';
import { exampleOf, finishedWith, questionOf, workOf } from '../../../../src/testing/store/fixtures.ts';
import { embedded, served } from '../../../support/http/served.ts';

it('The card of a large lane is made of its first examples, says so, and is whole for who asks for that', async () => {
  const engine = await embedded();
  const { store } = engine;
  for (const text of ['First?', 'Second?', 'Third?']) {
    const question = questionOf(text);
    const work = workOf(question, { stage: 'storage', lane: MAIN_LANE });
    await store.questions.accept(workOf(question), question, undefined);
    const { token } = await claimed(store.generations, workOf(question, { stage: 'generation' }));
    const example = exampleOf(question, { candidate: { prompt: text, answer: 'Because.' } });
    await store.dataset.complete({ workId: workIdOf(work), token }, finishedWith(example));
    await store.move({ work, status: 'approved' });
  }
  const open = datasetOpener({ engine, namespace: 'test' });
  const route = cardRoute({ open, reports: store.reports, license: undefined, first: 2 });
  const { address } = await served({ engine, routes: [route] });
  const card = async (query: string) => (await fetch(`${address}/v1/dataset/card?${query}`)).text();
  const preview = await card('format=alpaca');
  expect(preview).toContain('the first 2 of 3 examples were read');
  expect(preview).toContain('examples: 2');
  expect(preview).not.toMatch(/sha256|SHA-256/);
  const whole = await card('format=alpaca&whole=true');
  expect(whole).toContain('examples: 3');
  expect(whole).toContain('sha256: ');
  expect(whole).not.toContain('A first look');
  expect(await card('format=alpaca&whole=yes')).toContain('bad_request');
});

it('A card describes the very bytes that a download brings', async () => {
  const engine = await embedded();
  const { store } = engine;
  const question = questionOf('Why <script>alert(1)</script>?');
  await store.questions.accept(workOf(question), question, undefined);
  const { token } = await claimed(store.generations, workOf(question, { stage: 'generation' }));
  const work = workOf(question, { stage: 'storage', lane: MAIN_LANE });
  const example = exampleOf(question, { candidate: { prompt: 'Why?', answer: 'Because.' } });
  await store.dataset.complete({ workId: workIdOf(work), token }, finishedWith(example));
  const open = datasetOpener({ engine, namespace: 'test' });
  const routes = [cardRoute({ open, reports: store.reports, license: 'cc-by-4.0' }), downloadRoute(open)];
  const { address } = await served({ engine, routes });
  const query = 'format=alpaca&fileType=jsonl';
  const reply = await fetch(`${address}/v1/dataset/card?${query}`);
  const card = await reply.text();
  expect(reply.headers.get('content-type')).toContain('text/markdown');
  const file = await (await fetch(`${address}/v1/dataset/download?${query}`)).bytes();
  expect(card).toContain(createHash('sha256').update(file).digest('hex'));
  expect(card).toContain('license: cc-by-4.0');
  expect(card).toContain('pretty_name: dataset-main-alpaca');
  for (const [filter, examples] of [
    ['topic=physics&minScore=8', 1],
    ['topic=chemistry', 0],
  ] as const) {
    const filtered = await (await fetch(`${address}/v1/dataset/card?${query}&${filter}`)).text();
    const bytes = await (await fetch(`${address}/v1/dataset/download?${query}&${filter}`)).bytes();
    expect(filtered).toContain(createHash('sha256').update(bytes).digest('hex'));
    expect(filtered).toContain(`examples: ${examples}`);
  }
  expect((await fetch(`${address}/v1/dataset/card?format=none`)).status).toBe(400);
  expect((await fetch(`${address}/v1/dataset/card?minScore=11`)).status).toBe(400);
});
