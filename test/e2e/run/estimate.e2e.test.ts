import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { millrace } from '../../support/process/millrace.ts';
import { RunRig } from '../../support/process/run-rig.ts';

const QUESTIONS = 20;

it('an estimate works a sample, tells what all will take, and the run pays for it no second time', async () => {
  const script = { latencyMs: 5, reject: { revisions: 9, fraction: 0.3 } };
  const rig = await RunRig.open({ questions: QUESTIONS, script, flags: ['--quiet'] });
  const first = await rig.run('--estimate', '6', '--json');
  expect(first.code, first.stderr).toBe(0);
  const forecast = JSON.parse(first.stdout.trim().split('\n').at(-1) ?? '');
  expect(forecast).toMatchObject({ type: 'forecast', simulated: false, questions: QUESTIONS, sampled: 6 });
  for (const { low, expected, high } of [forecast.tokens, forecast.costUsd, forecast.seconds]) {
    expect(low).toBeGreaterThan(0);
    expect(expected).toBeGreaterThanOrEqual(low);
    expect(high).toBeGreaterThanOrEqual(expected);
  }
  expect(forecast.sample.spent.costUsd).toBeLessThan(forecast.costUsd.expected);
  expect(existsSync(join(rig.dir, 'dataset.jsonl'))).toBe(false);
  const { started } = await rig.server.quietStats();
  expect(started).toBeGreaterThanOrEqual(3 * 6);

  const again = await rig.run('--estimate', '6');
  expect(again.stdout).toMatch(/Forecast for 20 questions, from 6 questions of them:/);
  expect(again.stdout).toMatch(/cost +\$0\.\d+ +\(\$0\.\d+ to \$0\.\d+\)/);
  expect((await rig.server.quietStats()).started).toBe(started);

  expect((await rig.run()).code).toBe(0);
  const stats = await rig.server.quietStats();
  expect(stats.paidTwice).toEqual([]);
  expect((await rig.kept()).calls).toBe(stats.started);
});

it('an estimate by a simulated model says that its figures are simulated', async () => {
  const rig = await RunRig.open({ questions: 3 });
  const { code, stdout, stderr } = await millrace(
    ['run', rig.file, '--estimate', '--dry-run', '--simulate', 'latency=1ms', '--quiet'],
    { cwd: rig.dir },
  );
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('SIMULATED');
  expect(stdout).toMatch(/from 3 questions of them/);
  expect(stdout).toContain('exact since all were worked');
});
