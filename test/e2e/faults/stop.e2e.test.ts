import { describe, expect, it } from 'vitest';
import { violations, violationsAtAnyTime } from '../../support/invariants.ts';
import type { Child } from '../../support/process/child.ts';
import { ended } from '../../support/process/millrace.ts';
import { RunRig } from '../../support/process/run-rig.ts';
import { settleDown } from '../../support/run/settle-down.ts';
import { until } from '../../support/until.ts';

const QUESTIONS = 40;

async function untilAtWork(rig: RunRig, calls = 20): Promise<void> {
  await until(`${calls} calls are answered`, async () => (await rig.server.stats()).answered >= calls);
}

const openRig = () =>
  RunRig.open({ questions: QUESTIONS, script: { latencyMs: 60 }, flags: ['--batch-size', '5'] });

describe('a run that is asked to stop', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    it(`drains on ${signal}: no call is lost, and the same command pays for the rest only`, async () => {
      const rig = await openRig();
      const child = rig.start();
      await untilAtWork(rig);
      child.kill(signal);
      const stopped = await ended(child);
      expect(stopped).toMatchObject({ code: 130, signal: null });
      expect(stopped.stderr).toContain('calls in flight finish first');
      expect(stopped.stdout).toMatch(/not done yet/);
      expect(stopped.stdout).toContain(`run ${rig.file}`);
      const { started, answered, abandoned } = await rig.server.quietStats();
      expect({ answered, abandoned }).toEqual({ answered: started, abandoned: 0 });
      expect(started).toBeLessThan(3 * QUESTIONS);
      expect((await rig.kept()).done).toBe(started);
      expect(await violationsAtAnyTime(rig.data)).toEqual([]);

      const resumed = await rig.run();
      expect(resumed.code, resumed.stderr).toBe(0);
      const stats = await rig.server.quietStats();
      expect(stats.started).toBe(3 * QUESTIONS);
      expect(stats.paidTwice).toEqual([]);
      expect(await violations(rig.data, { calls: stats })).toEqual([]);
      expect(await rig.dataset()).toHaveLength(QUESTIONS);
    });

  it('stops at once when it is asked twice, and loses no more than the calls in flight', async () => {
    const rig = await openRig();
    await rig.server.setScript({ latencyMs: { research: 20, candidate: 60_000, review: 20 } });
    const child = rig.start();
    await untilAtWork(rig, 5);
    const hangs = async () => (await rig.server.stats()).bySchema['candidate']?.started ?? 0;
    await until('a call hangs', async () => (await hangs()) > 0);
    child.kill('SIGINT');
    await untilDraining(child);
    child.kill('SIGINT');
    expect(await child.exited).toEqual({ code: 130, signal: null });
    const { works } = await rig.server.stats();
    const hanging = Object.entries(works).filter(([name]) => name.startsWith('candidate'));
    expect(hanging.map(([, { answered }]) => answered)).toEqual(hanging.map(() => 0));
    await rig.server.setScript({});
    await rig.server.quietStats();
    expect((await rig.run()).code).toBe(0);
    await settleDown(rig.data, rig.server.url);
    const after = await rig.server.quietStats();
    const lost = after.started - 3 * QUESTIONS;
    expect(lost).toBeGreaterThan(0);
    expect(lost).toBeLessThanOrEqual(15);
    expect(await violations(rig.data, { calls: { started: after.started, lostToKills: lost } })).toEqual([]);
  });
});

async function untilDraining(child: Child): Promise<void> {
  await until('the run says that it stops', () => child.stderr().includes('Stopping'));
}
