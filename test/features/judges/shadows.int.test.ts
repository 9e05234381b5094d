import { describe, expect, it, onTestFinished } from 'vitest';
import { reviewDesk } from '../../../src/features/review/review-desk.ts';
import { openSession } from '../../../src/features/run/session/open-session.ts';
import { settingsSchema } from '../../../src/infra/config/settings.ts';
import { openEngine } from '../../../src/infra/engines/open-engine.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import { questionIdOf } from '../../../src/stages/question.ts';
import type { Token } from '../../../src/streams/work/work.ts';
import { violations } from '../../support/invariants.ts';
import { startLlm } from '../../support/llm/scripted-llm-process.ts';
import { askedQuestions, runHere } from '../../support/run/run-here.ts';
import { type Given, opened, reportOf } from './judged.ts';

describe('the shadow judges of a run', () => {
  it('judge what it judged, ask a person where they differ, and change no outcome', async () => {
    const { live, other, settings } = await opened({ strict: { model: 'gpt-4o' } });
    const summary = await runHere(settings, { asked: askedQuestions(8) });
    expect(summary.counts).toMatchObject({ approved: 8, rejected: 0, held: 0 });
    expect(summary.spent.calls).toBe(24);
    expect((await live.stats()).started).toBe(24);
    expect((await other.stats()).bySchema).toMatchObject({ review: { started: 8 } });
    const { report, waiting } = await reportOf(settings, 'strict');
    expect(report).toMatchObject({ judged: 8, liveOnly: 8, agreement: 0, failed: 0, lag: 0 });
    expect(report?.cost.shadow).toMatchObject({ model: 'gpt-4o', works: 8 });
    expect(waiting).toBe(8);
    expect(await violations(settings.data, { calls: { started: 32 } })).toEqual([]);
  });

  it('have their review shown again when a person takes a decision back, and the next decision counted', async () => {
    const { settings } = await opened({ strict: {} });
    await runHere(settings, { asked: askedQuestions(1) });
    const differing = await decided(settings, 'reject');
    expect(differing).toMatchObject({ why: 'disagreement', shadow: { name: 'strict', verdict: 'rejected' } });
    await decided(settings, 'undo');
    await runHere(settings, { asked: askedQuestions(1) });
    const again = await decided(settings, 'reject');
    expect(again).toMatchObject({ revision: 2, why: 'disagreement', shadow: differing.shadow });
    const summary = await runHere(settings, { asked: askedQuestions(1) });
    expect(summary.counts).toMatchObject({ approved: 0, rejected: 1 });
    const { report, waiting } = await reportOf(settings, 'strict');
    expect(report?.sided).toEqual({ withLive: 0, withShadow: 1 });
    expect(waiting).toBe(0);
  });

  it('judge a share, and ask nobody where they are told so', async () => {
    const { other, settings } = await opened({ few: { share: 0.4, ask: false } });
    await runHere(settings, { asked: askedQuestions(40) });
    const { report, waiting } = await reportOf(settings, 'few');
    expect(report?.judged).toBeGreaterThan(4);
    expect(report?.judged).toBeLessThan(36);
    expect((await other.stats()).started).toBe(report?.judged);
    expect(waiting).toBe(0);
  });

  it('fail on a candidate without a dead letter', async () => {
    const { other, settings } = await opened({ broken: {} });
    await other.setScript({ fractions: { malformed: 1 } });
    const summary = await runHere(settings, { asked: askedQuestions(2) });
    expect(summary.counts).toMatchObject({ approved: 2, dead_lettered: 0 });
    expect((await reportOf(settings, 'broken')).report).toMatchObject({ judged: 0, failed: 2, lag: 0 });
    expect(await violations(settings.data)).toEqual([]);
  });

  it('leave the circuit of the live judge alone, also at its own address', async () => {
    const { live, settings } = await opened({ strict: { model: 'other', apiKeyVariable: 'PATH' } });
    const review = { model: 'big', baseUrl: live.url };
    const writer = await startLlm();
    const sharing = {
      ...{ ...settings, baseUrl: writer.url, agents: { review } },
      shadows: { strict: { model: 'other', apiKeyVariable: 'PATH', baseUrl: live.url } },
    };
    const session = await openSession({ settings: settingsSchema.parse(sharing), shadows: true });
    onTestFinished(() => session.close());
    expect([...session.endpoints.keys()]).toEqual([writer.url, live.url]);
    const lines = [...session.endpoints.values()].flatMap(({ state }) =>
      state.stages.map(({ stage }) => stage),
    );
    expect(lines).toEqual(['research', 'generation', 'review']);
  });

  it('have their turn behind the agent that calls the very same, whatever that one does otherwise', async () => {
    const { live, settings } = await opened();
    const sharing = {
      ...{ ...settings, model: 'small', agents: { review: { model: 'big' } } },
      shadows: { small: { model: 'small', baseUrl: live.url } },
    };
    const session = await openSession({ settings: settingsSchema.parse(sharing), shadows: true });
    onTestFinished(() => session.close());
    const shared = [...session.endpoints.values()].find(({ name }) => name.includes('small'));
    expect(shared?.state.stages.map(({ stage }) => stage)).toEqual([
      'research',
      'generation',
      'shadow small',
    ]);
  });
});

/** Has Ann decide about the one question that was asked, and tells what the desk had of it. */
async function decided(settings: Given, verdict: 'reject' | 'undo') {
  const parsed = settingsSchema.parse(settings);
  const engine = await openEngine({ settings: parsed, namespace: 'millrace', mode: 'consume' });
  try {
    const reviewQueue = reviewDesk({ ...engine, namespace: 'millrace' });
    const questionId = await theQuestion();
    const entry = await reviewQueue.queue.find(MAIN_LANE, questionId);
    if (entry === undefined) throw new RangeError('no question waits');
    const { revision } = entry;
    const claim = { reviewer: 'Ann', token: 'hers' as Token, forMs: 60_000 };
    await reviewQueue.queue.claim(MAIN_LANE, questionId, claim);
    if (verdict === 'undo') await reviewQueue.undo(MAIN_LANE, questionId, 'Ann', revision);
    else
      await reviewQueue.decide(MAIN_LANE, questionId, { ...claim, revision, verdict, reason: 'Too thin.' });
    return entry;
  } finally {
    await engine.close();
  }
}

async function theQuestion() {
  for await (const { question } of askedQuestions(1)) return questionIdOf(question);
  throw new RangeError('nothing was asked');
}
