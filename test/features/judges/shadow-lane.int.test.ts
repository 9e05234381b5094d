import { describe, expect, it, onTestFinished } from 'vitest';
import { openShadowLane } from '../../../src/features/judges/shadow-lane.ts';
import { openSession } from '../../../src/features/run/session/open-session.ts';
import { planGc } from '../../../src/features/upkeep/gc.ts';
import { settingsSchema } from '../../../src/infra/config/settings.ts';
import { shadowGroupOf } from '../../../src/stages/judges/shadow-name.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import { askedQuestions, runHere } from '../../support/run/run-here.ts';
import { until } from '../../support/until.ts';
import { engineOf, opened, reportOf } from './judged.ts';

describe('shadow judges, each time they are opened', () => {
  it('pay for nothing twice, and begin with what comes after they were opened', async () => {
    const { other, settings } = await opened({ strict: {} });
    await runHere({ ...settings, shadows: {} }, { asked: askedQuestions(4) });
    await runHere(settings, { asked: askedQuestions(6) });
    await runHere(settings, { asked: askedQuestions(6) });
    expect((await other.stats()).started).toBe(2);
    expect((await reportOf(settings, 'strict')).report).toMatchObject({ judged: 2, lag: 0 });
  });

  it('have one recipe to a name: one that changed is left out, and the run goes on', async () => {
    const { other, settings } = await opened({ strict: {} });
    await runHere(settings, { asked: askedQuestions(1) });
    const notices: string[] = [];
    const changed = { ...settings, minScore: 9 };
    const summary = await runHere(changed, { asked: askedQuestions(3) }, (text) => notices.push(text));
    expect(summary.questions).toBe(3);
    expect(notices.join('\n')).toMatch(/Without the shadow judge strict\..*gc --lane shadow-strict/s);
    expect((await other.stats()).started).toBe(1);
  });

  it('may take another recipe as long as they have judged nothing', async () => {
    const { settings } = await opened({ strict: { model: 'mistyped' } });
    const unpriced = { ...settings, maxCostPerDay: 5, prices: { 'gpt-4o-mini': { input: 1, output: 1 } } };
    await expect(runHere(unpriced, { asked: askedQuestions(1) })).rejects.toMatchObject({
      code: 'bad_budget',
    });
    await runHere(settings, { asked: askedQuestions(0) });
    const meant = { ...settings, shadows: { strict: { ...settings.shadows['strict'], model: 'meant' } } };
    await runHere(meant, { asked: askedQuestions(2) });
    expect((await reportOf(meant, 'strict')).report?.cost.shadow).toMatchObject({ model: 'meant', works: 2 });
  });

  it('do not judge the past when their group was forgotten', async () => {
    const { other, settings } = await opened({ strict: {} });
    await runHere({ ...settings, shadows: {} }, { asked: askedQuestions(5) });
    await runHere(settings, { asked: askedQuestions(6) });
    const engine = await engineOf(settings);
    await engine.log.deleteGroup(shadowGroupOf('millrace', 'strict'));
    await engine.close();
    await runHere(settings, { asked: askedQuestions(7) });
    expect((await other.stats()).started).toBe(2);
    expect((await reportOf(settings, 'strict')).report).toMatchObject({ judged: 2, lag: 0 });
  });

  it('keep the records that they have not read, also before they have read any', async () => {
    const { other, settings } = await opened({ strict: {} });
    await other.setScript({ fractions: { '503': 1 } });
    await runHere(settings, { asked: askedQuestions(6) });
    const engine = await engineOf(settings);
    const plan = await planGc(engine, 'millrace', { before: new Date(Date.now() + 60_000), records: true });
    expect(plan.records.map(({ topic }) => topic)).toContain('millrace.generation');
    expect(plan.records.map(({ topic }) => topic)).not.toContain('millrace.review');
    await engine.close();
  });

  it('change no recipe of the live judge where they work alone', async () => {
    const { settings } = await opened({ strict: {} });
    await runHere({ ...settings, minScore: 9, model: 'gpt-4o' }, { asked: askedQuestions(1) });
    const alone = { ...settings, shadows: { other: settings.shadows['strict'] ?? {} } };
    const session = await openSession({ settings: settingsSchema.parse(alone), stages: [], shadows: true });
    onTestFinished(() => session.close());
    const main = await session.engine.store.lanes.get(MAIN_LANE);
    expect(main?.recipes.review).toMatchObject({ minScore: 9, settings: { model: 'gpt-4o' } });
  });

  it('are opened anew where the model that was named is known to nobody', async () => {
    const { other, settings } = await opened({ strict: { model: 'mistyped' } });
    await other.setScript({ fractions: { '404': 1 } });
    await runHere(settings, { asked: askedQuestions(2) });
    await other.setScript({});
    const meant = { ...settings, shadows: { strict: { ...settings.shadows['strict'], model: 'meant' } } };
    await runHere(meant, { asked: askedQuestions(3) });
    const { report } = await reportOf(meant, 'strict');
    // From where the live judge stood then.
    expect(report?.cost.shadow).toMatchObject({ model: 'meant', works: 1 });
  });

  it('are refused to a process that names another recipe while one works them', async () => {
    const { settings } = await opened({ strict: {} });
    const session = await openSession({ settings: settingsSchema.parse(settings), shadows: true });
    onTestFinished(() => session.close());
    const { engine, lane, namespace } = session;
    await until('it is shown', async () => (await engine.store.workers.list()).length > 0);
    const recipe = { ...lane.recipes.review, minScore: 9 };
    const another = openShadowLane({ engine, namespace, name: 'strict', recipe, live: lane });
    await expect(another).rejects.toMatchObject({ code: 'shadow_changed' });
  });

  it('begin at the end where the live group was forgotten', async () => {
    const { other, settings } = await opened({ strict: {} });
    await runHere({ ...settings, shadows: {} }, { asked: askedQuestions(5) });
    const engine = await engineOf(settings);
    await engine.log.deleteGroup('millrace.review');
    await engine.close();
    await runHere(settings, { asked: askedQuestions(6) });
    expect((await other.stats()).started).toBe(1);
  });
});
