import { expect, it } from 'vitest';
import { z } from 'zod';
import { openEmbedded } from '../../../src/infra/engines/sqlite/engine.ts';
import { shadowLane, shadowVerdict } from '../../support/fakes/fake-shadow-book.ts';
import { millrace, startMillrace } from '../../support/process/millrace.ts';
import { writeQuestions } from '../../support/run/question-files.ts';
import { describeWithSchemathesis } from '../../support/schemathesis/schemathesis.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { until } from '../../support/until.ts';

const TOKEN = '0123456789abcdef'.repeat(2);
const lettersSchema = z.object({ letters: z.array(z.unknown()).min(1) });
const queueSchema = z.object({ items: z.tuple([z.object({ questionId: z.string() })], z.unknown()) });

/** `millrace serve` with a token, over a small simulated namespace: some died, some were rejected, some wait for a person. */
async function serving() {
  const data = await tempDir();
  // What fails is drawn for each call in the order of the calls: by these shares there is some of each, whatever that order.
  const simulated = ['--simulate', 'latency=1ms,refused=20%,reject=40%', '--hold-share', '50%'];
  const questions = await writeQuestions(data, 80);
  const run = await millrace(['run', questions, ...simulated, '--data', data, '--quiet'], {
    cwd: data,
    env: { MILLRACE_MAX_CONTENT_ATTEMPTS: '1' },
  });
  expect(run.stdout + run.stderr).toContain('80 questions');
  await withShadow(data);
  const version = ['--as-version', 'v1', '--split', '90/10', '--out', 'v1'];
  const made = await millrace(['export', ...version, '--data', data], { cwd: data });
  expect(made.stderr).toBe('');
  expect(made.code).toBe(0);
  const env = { MILLRACE_HTTP_TOKEN: TOKEN };
  const child = startMillrace(['serve', '--port', '0', '--data', data], { cwd: data, env });
  const address = await until(
    'it listens',
    () => /Listening on (http:\/\/[^\s;]+?)[:;]? /.exec(child.stderr())?.[1],
  );
  const asked = async (path: string) =>
    (await fetch(`${address}${path}`, { headers: { authorization: `Bearer ${TOKEN}` } })).json();
  lettersSchema.parse(await asked('/v1/dead-letters'));
  const [held] = queueSchema.parse(await asked('/v1/review/queue')).items;
  return { child, address, held: held.questionId };
}

/** A shadow judge that judged two revisions of a question. */
async function withShadow(data: string): Promise<void> {
  const { store, close } = await openEmbedded({ data, namespace: 'millrace-simulated', mode: 'append' });
  await store.lanes.put(shadowLane('strict', { simulated: true }));
  const said = { at: new Date().toISOString() };
  await store.shadows.keep(shadowVerdict(said));
  await store.shadows.keep(shadowVerdict({ ...said, revision: 1, verdict: 'approved' }));
  await close();
}

await describeWithSchemathesis('the API and its OpenAPI document', (schemathesis) => {
  it('agree, whatever is asked: statuses, media types, schemas, headers, methods, the token', {
    timeout: 900_000,
  }, async () => {
    const { child, address, held } = await serving();
    const said = await schemathesis.run(`${address}/v1/openapi.json`, { API_TOKEN: TOKEN, HELD_ID: held });
    expect(said).toMatch(/\b([1-9]\d*) generated, \1 passed/);
    child.kill('SIGTERM');
    expect((await child.exited).code).toBe(0);
  });
});
