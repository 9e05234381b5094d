import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { runQuestions } from '../../../src/features/run/run.ts';
import { openSession } from '../../../src/features/run/session/open-session.ts';
import { settingsSchema } from '../../../src/infra/config/settings.ts';
import { shadowStageOf } from '../../../src/stages/judges/shadow-name.ts';
import { Failure } from '../../../src/streams/failure.ts';
import { fatal } from '../../support/failures.ts';
import { askedQuestions, runHere } from '../../support/run/run-here.ts';
import { until } from '../../support/until.ts';
import { opened, reportOf } from './judged.ts';

describe('shadow judges that come to an end, or to none', () => {
  it('stop alone where nothing they ask can work, and say what to change', async () => {
    const { other, settings } = await opened({ wrong: {} });
    await other.setScript({ apiKey: 'another' });
    const notices: string[] = [];
    const summary = await runHere(settings, { asked: askedQuestions(5) }, (text) => notices.push(text));
    expect(summary).toMatchObject({ interrupted: false, counts: { approved: 5 } });
    expect(notices.join('\n')).toMatch(/shadow judge wrong stopped; everything else goes on\. .*key/i);
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

  it('end a process that works nothing else when they have stopped', async () => {
    const { other, settings } = await opened({ wrong: {} });
    await other.setScript({ apiKey: 'another' });
    await runHere(settings, { asked: askedQuestions(3) });
    const parsed = settingsSchema.parse(settings);
    const session = await openSession({ settings: parsed, stages: [], shadows: true });
    onTestFinished(() => session.close());
    await expect(session.broken).rejects.toMatchObject({ kind: 'fatal' });
  });

  it('say that they cannot read how far the live judge is, and stop once that stays refused', async () => {
    const { settings } = await opened({ strict: {} });
    const waits: string[] = [];
    const session = await openSession({
      settings: settingsSchema.parse(settings),
      shadows: true,
      onEvent: ({ kind, stage }) => void (kind === 'write-waits' && waits.push(stage)),
    });
    onTestFinished(() => session.close());
    const refused = new Failure('outage', 'refused', 'No right to read.', { fatalAfterMs: 500 });
    vi.spyOn(session.engine.log, 'committedOffsets').mockRejectedValue(refused);
    void runQuestions(session, { input: 'test', asked: askedQuestions(1) }).catch(() => undefined);
    const [shadow] = session.shadows.running;
    await until('the shadow has stopped', async () => shadow?.heldUpBy() === 'stopped');
    expect(waits).toContain(shadowStageOf('strict'));
  });

  it('have their calls in flight finished before a session that closes leaves what is not stored to the next', async () => {
    const { other, settings } = await opened({ strict: {} });
    await other.setScript({ latencyMs: 500 });
    const session = await openSession({ settings: settingsSchema.parse(settings), shadows: true });
    void runQuestions(session, { input: 'test', asked: askedQuestions(3) }).catch(() => undefined);
    await until('a shadow calls', async () => (await other.stats()).inFlight > 0);
    const leases: (number | undefined)[] = [];
    const [shadow] = session.shadows.running;
    vi.spyOn(session.unsaved, 'leaveAll').mockImplementation(() => void leases.push(shadow?.stage.leases()));
    await session.close();
    expect(leases).toEqual([0]);
    expect((await reportOf(settings, 'strict')).report?.judged).toBeGreaterThan(0);
  });

  it('call no more once they have stopped, however many wait for their turn', async () => {
    const { other, settings } = await opened({ wrong: { batchSize: 1 } });
    await other.setScript({ apiKey: 'another' });
    const session = await openSession({ settings: settingsSchema.parse(settings), shadows: true });
    onTestFinished(() => session.close());
    await runQuestions(session, { input: 'test', asked: askedQuestions(30) });
    const [shadow] = session.shadows.running;
    await shadow?.stage.done;
    expect(shadow?.stage.leases()).toBe(0);
    expect(session.shadows.stages.size).toBe(0);
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

async function* skipped<T>(values: AsyncIterable<T>, count: number): AsyncGenerator<T> {
  let seen = 0;
  for await (const value of values) {
    seen += 1;
    if (seen > count) yield value;
  }
}
