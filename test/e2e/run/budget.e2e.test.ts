import { describe, expect, it } from 'vitest';
import { openEmbedded } from '../../../src/infra/engines/sqlite/engine.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import { agentStages } from '../../../src/stages/stage-names.ts';
import { NO_TALLY } from '../../../src/stages/store/store.ts';
import { dayOf } from '../../../src/streams/budget/day-allowance.ts';
import { violations, violationsAtAnyTime } from '../../support/invariants.ts';
import { RunRig } from '../../support/process/run-rig.ts';
import { settleDown } from '../../support/run/settle-down.ts';
import { until } from '../../support/until.ts';

const QUESTIONS = 40;
const FLAGS = ['--quiet', '--batch-size', '4', '--max-output-tokens', '1000'];

const openRig = (flags: readonly string[], latencyMs = 5) =>
  RunRig.open({ questions: QUESTIONS, script: { latencyMs }, flags: [...FLAGS, ...flags] });

/** What the store says was spent, by the works and failed attempts themselves. */
async function spentIn({ data }: RunRig): Promise<{ tokens: number; costUsd: number }> {
  const { store, close } = await openEmbedded({ data, namespace: 'millrace', mode: 'read' });
  const { stages } = await store.reports.progress(MAIN_LANE);
  await close();
  const each = agentStages().map((stage) => stages[stage] ?? NO_TALLY);
  return {
    tokens: each.reduce((sum, { usage }) => sum + usage.input + usage.output, 0),
    costUsd: each.reduce((sum, { costUsd }) => sum + costUsd, 0),
  };
}

async function heldToday({ data }: RunRig): Promise<number> {
  const { store, close } = await openEmbedded({ data, namespace: 'millrace', mode: 'read' });
  const { held } = await store.spending.total(dayOf(new Date()));
  await close();
  return held.tokens;
}

/** The same command until it has an end; what it spent each time. */
async function runToTheEnd(rig: RunRig, stopsWith: number): Promise<number> {
  for (let runs = 1; runs < 60; runs += 1) {
    const { code, stderr } = await rig.run();
    if (code === 0) return runs;
    expect(code, stderr).toBe(stopsWith);
  }
  throw new Error('The run has no end.');
}

describe('a run with a budget', () => {
  it('stops before it is passed, says so with 4, and the same command goes on to the end, paying nothing twice', async () => {
    const limit = 40_000;
    const rig = await openRig(['--max-tokens', String(limit)]);
    const first = await rig.run();
    expect(first.code, first.stderr).toBe(4);
    expect(first.stdout).toMatch(/Budget of this run: [\d.]+K of 40K tokens\./);
    expect(first.stdout).toMatch(/Stopped: the budget of this run has no room/);
    expect(first.stdout).toContain(`run ${rig.file}`);
    expect(first.stdout).toMatch(/not done yet/);
    const { tokens } = await spentIn(rig);
    expect(tokens).toBeGreaterThan(0);
    expect(tokens).toBeLessThanOrEqual(limit);
    const stats = await rig.server.quietStats();
    expect((await rig.kept()).done).toBe(stats.started);
    expect(await violationsAtAnyTime(rig.data)).toEqual([]);

    await runToTheEnd(rig, 4);
    const all = await rig.server.quietStats();
    expect(all.started).toBe(3 * QUESTIONS);
    expect(all.paidTwice).toEqual([]);
    expect(await violations(rig.data, { calls: all })).toEqual([]);
    expect(await rig.dataset()).toHaveLength(QUESTIONS);
  });

  it('counts money by the price of the model', async () => {
    const rig = await openRig(['--max-cost', '0.005', '--json']);
    const ended = await rig.run();
    expect(ended.code, ended.stderr).toBe(4);
    const summary = JSON.parse(ended.stdout.trim().split('\n').at(-1) ?? '');
    const { costUsd } = await spentIn(rig);
    expect(summary).toMatchObject({ budgetSpent: 'run', budget: { run: { limit: { costUsd: 0.005 } } } });
    expect(summary.budget.run.spent.costUsd).toBeCloseTo(costUsd, 9);
    expect(costUsd).toBeGreaterThan(0);
    expect(costUsd).toBeLessThanOrEqual(0.005);
  });

  it('is refused before any call where the price of a model is not known, and says what to do', async () => {
    const rig = await openRig(['--max-cost', '5', '--model', 'research=nobody-knows']);
    const refused = await rig.run();
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/nobody-knows.*prices.*--max-tokens/s);
    expect((await rig.server.quietStats()).started).toBe(0);
    const prices = { 'nobody-knows': { input: 0, output: 0 } };
    const priced = await RunRig.open({
      questions: 3,
      flags: [...FLAGS, '--max-cost', '5', '--model', 'research=nobody-knows'],
      env: { MILLRACE_PRICES: JSON.stringify(prices) },
    });
    expect((await priced.run()).code).toBe(0);
  });

  it('that is smaller than one call makes none, and offers a command that gets further', async () => {
    const rig = await openRig(['--max-tokens', '10']);
    const ended = await rig.run();
    expect(ended.code, ended.stderr).toBe(4);
    expect((await rig.server.quietStats()).started).toBe(0);
    expect(ended.stdout).toMatch(/Stopped: one call may take up to [\d.]+K tokens\. Nothing is lost\./);
    const [, further = ''] = /^ {2}millrace run .* --max-tokens (\d+)$/m.exec(ended.stdout) ?? [];
    const next = await openRig(['--max-tokens', further]);
    await next.run();
    expect((await next.server.quietStats()).started).toBeGreaterThan(0);
  });
});

describe('a budget of the day', () => {
  it('is one for all runs of the day', async () => {
    const rig = await openRig(['--max-tokens-per-day', '10000']);
    const first = await rig.run();
    expect(first.code, first.stderr).toBe(4);
    expect(first.stdout).toMatch(/Budget of \d{4}-\d\d-\d\d \(UTC\), all processes: [\d.]+K of 10K tokens/);
    const { started } = await rig.server.quietStats();
    const { tokens } = await spentIn(rig);
    expect(tokens).toBeLessThanOrEqual(10_000);
    const second = await rig.run();
    expect(second.code, second.stderr).toBe(4);
    expect((await rig.server.quietStats()).started - started).toBeLessThan(QUESTIONS / 2);
    expect((await spentIn(rig)).tokens).toBeLessThanOrEqual(10_000);
    const status = await rig.command('status');
    expect(status.stdout).toMatch(
      /spent today \(\d{4}-\d\d-\d\d, UTC\), all processes: [\d.]+K tokens, \$0\.00/,
    );
  });

  it('holds through kill -9: what was in flight counts as spent', async () => {
    const limit = 40_000;
    const rig = await openRig(['--max-tokens-per-day', String(limit)], 40);
    const child = rig.start();
    await until('calls are answered', async () => (await rig.server.stats()).answered >= 12);
    child.kill('SIGKILL');
    await child.exited;
    const before = await spentIn(rig);
    expect(await heldToday(rig)).toBeGreaterThanOrEqual(before.tokens);
    const second = await rig.run();
    expect([0, 4], second.stderr).toContain(second.code);
    expect((await spentIn(rig)).tokens).toBeLessThanOrEqual(limit);
    expect(await violationsAtAnyTime(rig.data)).toEqual([]);
    const third = await rig.run('--max-tokens-per-day', '10000000');
    expect(third.code, third.stderr).toBe(0);
    await settleDown(rig.data, rig.server.url);
    expect(await rig.dataset()).toHaveLength(QUESTIONS);
  });
});
