import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { settingsSchema } from '../../../src/infra/config/settings.ts';
import { openEngine } from '../../../src/infra/open-engine.ts';
import { reviewDesk } from '../../../src/runs/review-desk.ts';
import { readShadow } from '../../../src/runs/shadows/read-shadows.ts';
import { MAIN_LANE } from '../../../src/stages/lane.ts';
import { questionIdOf } from '../../../src/stages/question.ts';
import type { Token } from '../../../src/streams/work.ts';
import { violations } from '../../support/invariants.ts';
import { askedQuestions, runHere } from '../../support/run-here.ts';
import { startLlm } from '../../support/scripted-llm-process.ts';
import { tempDir } from '../../support/temp-dir.ts';

type Given = z.input<typeof settingsSchema>;

/** A live judge at one server, and shadow judges at another. */
async function opened(shadows: Given['shadows'] = {}) {
  const [live, other] = [await startLlm(), await startLlm({ reject: { revisions: 9 } })];
  const judges = Object.fromEntries(
    Object.entries(shadows).map(([name, judge]) => [name, { baseUrl: other.url, ...judge }]),
  );
  const settings = { data: await tempDir(), baseUrl: live.url, shadows: judges };
  return { live, other, settings };
}

async function reportOf(settings: Given, name: string) {
  const parsed = settingsSchema.parse(settings);
  const engine = await openEngine({ settings: parsed, namespace: 'millrace', mode: 'read' });
  try {
    const report = await readShadow({ ...engine, namespace: 'millrace' }, name, 30);
    return { report, waiting: await engine.store.desk.waiting(MAIN_LANE) };
  } finally {
    await engine.close();
  }
}

/** Has Ann decide about the one question that was asked, and tells what the desk had of it. */
async function decided(settings: Given, verdict: 'reject' | 'undo') {
  const parsed = settingsSchema.parse(settings);
  const engine = await openEngine({ settings: parsed, namespace: 'millrace', mode: 'consume' });
  try {
    const desk = reviewDesk({ ...engine, namespace: 'millrace' });
    const questionId = await theQuestion();
    const entry = await desk.book.find(MAIN_LANE, questionId);
    if (entry === undefined) throw new RangeError('no question waits');
    const { revision } = entry;
    const claim = { reviewer: 'Ann', token: 'hers' as Token, forMs: 60_000 };
    await desk.book.claim(MAIN_LANE, questionId, claim);
    if (verdict === 'undo') await desk.undo(MAIN_LANE, questionId, 'Ann', revision);
    else await desk.decide(MAIN_LANE, questionId, { ...claim, revision, verdict, reason: 'Too thin.' });
    return entry;
  } finally {
    await engine.close();
  }
}

async function theQuestion() {
  for await (const { question } of askedQuestions(1)) return questionIdOf(question);
  throw new RangeError('nothing was asked');
}

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

  it('have their opinion shown again when a person takes a decision back, and the next decision counted', async () => {
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

  it('pay for nothing twice, and begin with what comes after they were opened', async () => {
    const { other, settings } = await opened({ strict: {} });
    await runHere({ ...settings, shadows: {} }, { asked: askedQuestions(4) });
    await runHere(settings, { asked: askedQuestions(6) });
    await runHere(settings, { asked: askedQuestions(6) });
    expect((await other.stats()).started).toBe(2);
    expect((await reportOf(settings, 'strict')).report).toMatchObject({ judged: 2, lag: 0 });
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

  it('stop alone where nothing they ask can work, and say what to change', async () => {
    const { other, settings } = await opened({ wrong: {} });
    await other.setScript({ apiKey: 'another' });
    const notices: string[] = [];
    const summary = await runHere(settings, { asked: askedQuestions(5) }, (text) => notices.push(text));
    expect(summary).toMatchObject({ interrupted: false, counts: { approved: 5 } });
    expect(notices.join('\n')).toMatch(/shadow judge wrong stopped; everything else goes on\. .*key/i);
  });

  it('fail on a candidate without a dead letter', async () => {
    const { other, settings } = await opened({ broken: {} });
    await other.setScript({ fractions: { malformed: 1 } });
    const summary = await runHere(settings, { asked: askedQuestions(2) });
    expect(summary.counts).toMatchObject({ approved: 2, dead_lettered: 0 });
    expect((await reportOf(settings, 'broken')).report).toMatchObject({ judged: 0, failed: 2, lag: 0 });
    expect(await violations(settings.data)).toEqual([]);
  });

  it('end when what they may spend is used up, and go on with as much in the next run', async () => {
    const { settings } = await opened({ strict: {} });
    const limited = { ...settings, shadowMaxTokens: 12_000, batchSize: 1 };
    const notices: string[] = [];
    const note = (text: string) => void notices.push(text);
    const summary = await runHere(limited, { asked: askedQuestions(30) }, note);
    expect(summary).toMatchObject({ interrupted: false, counts: { approved: 30 } });
    expect(notices.join('\n')).toContain('What strict may spend in this run is used up.');
    const first = (await reportOf(settings, 'strict')).report?.judged ?? 0;
    expect(first).toBeLessThan(30);
    await runHere(settings, { asked: askedQuestions(30) });
    expect((await reportOf(settings, 'strict')).report).toMatchObject({ judged: 30, lag: 0 });
  });

  it('have to be given a budget where the run has one', async () => {
    const { live, settings } = await opened({ strict: {} });
    const run = runHere({ ...settings, maxTokens: 1_000_000 }, { asked: askedQuestions(1) });
    await expect(run).rejects.toMatchObject({ code: 'bad_budget', message: /--shadow-max-tokens/ });
    expect((await live.stats()).started).toBe(0);
  });

  it('have one recipe to a name', async () => {
    const { settings } = await opened({ strict: {} });
    await runHere(settings, { asked: askedQuestions(1) });
    const changed = { ...settings, shadows: { strict: { ...settings.shadows['strict'], minScore: 9 } } };
    const run = runHere(changed, { asked: askedQuestions(1) });
    await expect(run).rejects.toMatchObject({
      code: 'shadow_changed',
      message: /millrace gc --lane shadow-strict/,
    });
  });

  it('are not waited for while their endpoint is away', async () => {
    const { other, settings } = await opened({ away: {} });
    await other.setScript({ fractions: { '503': 1 } });
    const summary = await runHere(settings, { asked: askedQuestions(12) });
    expect(summary).toMatchObject({ interrupted: false, counts: { approved: 12 } });
    await other.setScript({});
    await runHere(settings, { asked: askedQuestions(12) });
    expect((await reportOf(settings, 'away')).report).toMatchObject({ judged: 12, failed: 0, lag: 0 });
  });
});
