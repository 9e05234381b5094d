import { expect, it } from 'vitest';
import { violationsAtAnyTime } from '../support/invariants.ts';
import { type Child, startNode } from '../support/process/child.ts';
import { ended, MAIN } from '../support/process/millrace.ts';
import { RunRig } from '../support/process/run-rig.ts';
import { until } from '../support/until.ts';

const DEADLINE_MS = 60_000;

it('a worker pauses when the budget of the day is used up, says so, and drains when it is stopped', async () => {
  const rig = await RunRig.open({ questions: 40, script: { latencyMs: 5 } });
  const env = { MILLRACE_BASE_URL: rig.server.url, MILLRACE_MAX_OUTPUT_TOKENS: '1000' };
  const start = (...args: readonly string[]): Child =>
    startNode([MAIN, ...args, '--data', rig.data], { cwd: rig.dir, env });
  expect((await ended(start('ingest', rig.file))).code).toBe(0);
  const worker = start('worker', '--batch-size', '4', '--max-tokens-per-day', '10000');
  await until('the worker pauses', () => worker.stderr().includes('Paused: the budget of'), DEADLINE_MS);
  expect((await rig.server.quietStats()).inFlight).toBe(0);
  worker.kill('SIGTERM');
  const { code, stdout, stderr } = await ended(worker);
  expect(code, stderr + stdout).toBe(0);
  // Only now: what a call left of its estimate may have been room for another one, on a busy machine long after the others.
  const { started } = await rig.server.quietStats();
  expect(started).toBeGreaterThan(0);
  expect(started).toBeLessThan(3 * 40);
  expect((await rig.kept()).calls).toBe(started);
  expect(await violationsAtAnyTime(rig.data)).toEqual([]);

  const spent = await ended(start('worker', '--batch-size', '4', '--max-tokens', '4000'));
  expect(spent.code, spent.stderr).toBe(4);
  expect(spent.stderr).toContain('The budget of this process is used up');
});
