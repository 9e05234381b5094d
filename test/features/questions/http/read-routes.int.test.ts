import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { openEmbedded } from '../../../../src/infra/engines/sqlite/engine.ts';
import { MAIN_LANE } from '../../../../src/stages/lanes/lane.ts';
import { served } from '../../../support/http/served.ts';
import { startScriptedLlmServer } from '../../../support/llm/scripted-llm-server.ts';
import { askedQuestions, runHere } from '../../../support/run/run-here.ts';
import { tempDir } from '../../../support/temp-dir.ts';

/** The API beside what a run has left. */
async function afterRun() {
  const data = await tempDir();
  const llm = await startScriptedLlmServer({ script: { reject: { revisions: 9, fraction: 0.4 } } });
  onTestFinished(() => llm.close());
  const { run, counts } = await runHere(
    { data, namespace: 'test', baseUrl: llm.url, model: 'gpt-4o' },
    { asked: askedQuestions(10) },
  );
  const engine = await openEmbedded({ data, namespace: 'test', mode: 'append' });
  onTestFinished(() => engine.close());
  return { ...(await served({ engine })), run, counts };
}

const exampleSchema = z.looseObject({
  questionId: z.string(),
  review: z.looseObject({ verdict: z.string() }),
});

it('tells where a question, its run and everything stand after a run', async () => {
  const { api, engine, run, counts } = await afterRun();
  const found = { approved: 0, rejected: 0 };
  for (const verdict of ['approved', 'rejected'] as const)
    for await (const { example } of engine.store.reports.dataset({ lane: MAIN_LANE, run, verdict })) {
      found[verdict] += 1;
      const { status, body } = await api.call(`/v1/questions/${example.questionId}`);
      expect([status, body]).toMatchObject([200, { id: example.questionId, status: verdict, ended: true }]);
      const shown = z.object({ example: exampleSchema }).parse(body).example;
      expect([shown.questionId, shown.review.verdict]).toEqual([example.questionId, verdict]);
    }
  expect(found.approved + found.rejected).toBe(10);
  expect((await api.call(`/v1/runs/${run}`)).body).toEqual({ run, questions: counts, open: 0 });
  expect((await api.call('/v1/status')).body).toMatchObject({
    namespace: 'test',
    simulated: false,
    lane: 'main',
    questions: counts,
    stages: { research: { done: 10 } },
  });
});

it('says that it does not know a question, and what an id is', async () => {
  const { api } = await served();
  expect((await api.call(`/v1/questions/${'0'.repeat(24)}`)).body).toMatchObject({
    code: 'unknown_question',
  });
  for (const id of ['xyz', 'A'.repeat(24), '0'.repeat(25)])
    expect((await api.call(`/v1/questions/${id}`)).status, id).toBe(400);
  expect((await api.call('/v1/status?lane=../x')).body).toMatchObject({ status: 400, code: 'bad_request' });
  expect((await api.call('/v1/runs/nobody')).body).toMatchObject({ open: 0, questions: { pending: 0 } });
});
