import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { z } from 'zod';
import { settingsSchema } from '../../../src/infra/config/settings.ts';
import { openEngine } from '../../../src/infra/open-engine.ts';
import { planGc } from '../../../src/runs/gc.ts';
import { reviewDesk } from '../../../src/runs/review-desk.ts';
import { runQuestions } from '../../../src/runs/run.ts';
import { openSession } from '../../../src/runs/session.ts';
import { readShadow } from '../../../src/runs/shadows/read-shadows.ts';
import { MAIN_LANE } from '../../../src/stages/lane.ts';
import { questionIdOf } from '../../../src/stages/question.ts';
import { shadowGroupOf } from '../../../src/stages/shadow/shadow-name.ts';
import type { Token } from '../../../src/streams/work.ts';
import { fatal } from '../../support/failures.ts';
import { violations } from '../../support/invariants.ts';
import { askedQuestions, runHere } from '../../support/run-here.ts';
import { startLlm } from '../../support/scripted-llm-process.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { until } from '../../support/until.ts';

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

  it('change no recipe of the live judge where they work alone', async () => {
    const { settings } = await opened({ strict: {} });
    await runHere({ ...settings, minScore: 9, model: 'gpt-4o' }, { asked: askedQuestions(1) });
    const alone = { ...settings, shadows: { other: settings.shadows['strict'] ?? {} } };
    const session = await openSession({ settings: settingsSchema.parse(alone), stages: [], shadows: true });
    onTestFinished(() => session.close());
    const main = await session.engine.store.lanes.get(MAIN_LANE);
    expect(main?.recipes.review).toMatchObject({ minScore: 9, settings: { model: 'gpt-4o' } });
  });

  it('end a process that works nothing else when they have stopped', async () => {
    const { other, settings } = await opened({ wrong: {} });
    await other.setScript({ apiKey: 'another' });
    await runHere(settings, { asked: askedQuestions(3) });
    const parsed = settingsSchema.parse(settings);
    const session = await openSession({ settings: parsed, stages: [], shadows: true });
    onTestFinished(() => session.close());
    await expect(session.broken).rejects.toMatchObject({ kind: 'fatal' });
  });

  it('call no more once they have stopped, however many wait for their turn', async () => {
    const { other, settings } = await opened({ wrong: { batchSize: 1 } });
    await other.setScript({ apiKey: 'another' });
    await runHere(settings, { asked: askedQuestions(30) });
    expect((await other.quietStats()).started).toBeLessThanOrEqual(2);
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

  it('are not waited for when the day has no room for them', async () => {
    const { other, settings } = await opened({ strict: {} });
    await other.setScript({ fractions: { '503': 1 } });
    await runHere(settings, { asked: askedQuestions(4) });
    await other.setScript({});
    const notices: string[] = [];
    const spent = { ...settings, maxTokensPerDay: 10 };
    const summary = await runHere(spent, { asked: askedQuestions(4) }, (text) => notices.push(text));
    expect(summary).toMatchObject({ interrupted: false, counts: { approved: 4 } });
    expect(notices.join('\n')).toContain('what may be spent today is used up');
  });

  it('are not waited for while their server asks for a long pause', async () => {
    const { other, settings } = await opened({ strict: {} });
    await other.setScript({ fractions: { '429': 1 }, retryAfter: '3600' });
    const notices: string[] = [];
    const summary = await runHere(settings, { asked: askedQuestions(4) }, (text) => notices.push(text));
    expect(summary.counts).toMatchObject({ approved: 4 });
    expect(notices.join('\n')).toContain('its endpoint asks to wait');
  });

  it('are not waited for over what the live judge cannot settle', async () => {
    const { live, settings } = await opened({ strict: {} });
    await live.setScript({ sequences: [{ schema: 'review', faults: ['hang'] }] });
    const session = await openSession({ settings: settingsSchema.parse(settings), shadows: true });
    onTestFinished(() => session.close());
    const stuck = runQuestions(session, { input: 'test', asked: askedQuestions(1) });
    stuck.catch(() => undefined);
    await until('a review hangs', async () => (await live.stats()).bySchema['review']?.started === 1);
    const summary = await runQuestions(session, { input: 'test', asked: skipped(askedQuestions(3), 1) });
    expect(summary.counts).toMatchObject({ approved: 2 });
    session.stop.abort();
    await stuck;
  });

  it('break no run when the log is away at its end', async () => {
    const { settings } = await opened({ strict: {} });
    const session = await openSession({ settings: settingsSchema.parse(settings), shadows: true });
    onTestFinished(() => session.close());
    const ends = vi.spyOn(session.engine.log, 'endOffsets');
    await runQuestions(session, { input: 'test', asked: askedQuestions(2) });
    ends.mockRejectedValue(fatal());
    await expect(session.shadows.caughtUp()).resolves.toBeUndefined();
  });
});

async function engineOf(settings: Given) {
  return openEngine({ settings: settingsSchema.parse(settings), namespace: 'millrace', mode: 'append' });
}

async function* skipped<T>(values: AsyncIterable<T>, count: number): AsyncGenerator<T> {
  let seen = 0;
  for await (const value of values) {
    seen += 1;
    if (seen > count) yield value;
  }
}
