import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEmbedded } from '../../../src/infra/engines/sqlite/engine.ts';
import { pipelineTopics } from '../../../src/stages/pipeline.ts';
import { questionOf, workOf } from '../../../src/testing/store/fixtures.ts';
import { shadowLane, shadowVerdict } from '../../support/fakes/fake-shadow-book.ts';
import { millrace } from '../../support/process/millrace.ts';
import { laneOf } from '../../support/stage/stage-fixtures.ts';
import { tempDir } from '../../support/temp-dir.ts';

/** `millrace` beside the data of these shadows, each of which said something of one question. */
async function beside(...names: readonly string[]) {
  const cwd = await tempDir();
  const engine = await openEmbedded({ data: join(cwd, '.millrace'), namespace: 'millrace', mode: 'consume' });
  const { store, log } = engine;
  await log.ensureTopics(pipelineTopics('millrace', engine.partitions));
  await store.lanes.put(laneOf());
  const question = questionOf('Why?');
  const work = workOf(question);
  const { questionId } = work;
  await store.questions.accept(work, question, undefined);
  for (const shadow of names) {
    await store.lanes.put(shadowLane(shadow));
    await store.shadows.keep(shadowVerdict({ shadow, questionId, at: new Date().toISOString() }));
    await store.shadows.keep(shadowVerdict({ shadow, questionId, revision: 1, verdict: 'approved' }));
  }
  await engine.close();
  return { run: (...args: readonly string[]) => millrace(args, { cwd, env: {} }), questionId };
}

describe('millrace shadow', () => {
  it('lists all shadow judges, and tells of one in full, with its disagreements', async () => {
    const { run, questionId } = await beside('cheap', 'strict');
    const table = await run('shadow');
    expect([table.code, table.stderr]).toEqual([0, '']);
    expect(table.stdout).toMatch(/cheap +cheap-model +2 +50\.0 %/);
    expect(table.stdout).toMatch(/strict +strict-model +2 +50\.0 %/);
    const one = await run('shadow', 'strict');
    expect(one.stdout).toContain('strict: strict-model beside fake, the judge of lane main');
    expect(one.stdout).toMatch(new RegExp(`${questionId} +0 +approved 8 +rejected 5 +Too thin\\.\n$`));
    expect((await run('shadow', 'strict', '--disagreements', '0')).stdout).not.toContain(questionId);
  });

  it('tells the same as JSON', async () => {
    const { run, questionId } = await beside('strict');
    const all: unknown = JSON.parse((await run('shadow', '--json')).stdout);
    expect(all).toMatchObject({ simulated: false, shadows: [{ name: 'strict', judged: 2, lag: 0 }] });
    const one: unknown = JSON.parse((await run('shadow', 'strict', '--json')).stdout);
    expect(one).toMatchObject({ name: 'strict', liveOnly: 1, both: 1, disagreements: [{ questionId }] });
  });

  it('says how to start one where there is none, and which there are for a wrong name', async () => {
    const none = await (await beside()).run('shadow');
    expect([none.code, none.stdout]).toMatchObject([0, expect.stringContaining('--shadow strict=gpt-4o')]);
    const { code, stderr } = await (await beside('strict')).run('shadow', 'strikt');
    expect([code, stderr]).toMatchObject([2, expect.stringContaining('There are: strict.')]);
  });

  it('is pointed to by compare, and show has a line of each verdict', async () => {
    const { run, questionId } = await beside('strict');
    const compared = await run('compare', 'main', 'shadow-strict');
    expect([compared.code, compared.stdout]).toEqual([2, '']);
    expect(compared.stderr).toContain('millrace shadow strict');
    const { stdout } = await run('show', questionId.slice(0, 8));
    expect(stdout).toContain('shadow strict, revision 0: rejected 5 (the judge: approved 8): Too thin.');
    expect(stdout).toContain('shadow strict, revision 1: approved 5 (the judge: approved 8)');
  });
});
