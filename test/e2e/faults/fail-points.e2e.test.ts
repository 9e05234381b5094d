import { describe, expect, it } from 'vitest';
import { violations } from '../../support/invariants.ts';
import { ended, programOf } from '../../support/process/millrace.ts';
import { RunRig } from '../../support/process/run-rig.ts';
import { settleDown } from '../../support/run/settle-down.ts';

const FAIL_POINT = programOf('fail-point');
const KILLED = { code: null, signal: 'SIGKILL' };

async function killedAt(rig: RunRig, topic: string, moment: 'before' | 'after'): Promise<void> {
  const child = rig.startNode(FAIL_POINT, topic, moment, ...rig.args());
  expect(await ended(child)).toMatchObject(KILLED);
}

describe('a run that is killed between two steps', () => {
  const between = { before: 'between store and publish', after: 'between publish and commit' } as const;
  for (const topic of ['research', 'generation', 'review', 'storage', 'dataset'] as const)
    for (const moment of ['before', 'after'] as const)
      it(`${between[moment]}, at ${topic}, pays for nothing again and leaves nothing double`, async () => {
        const rig = await RunRig.open({ questions: 1 });
        await killedAt(rig, `millrace.${topic}`, moment);
        expect((await rig.run()).code).toBe(0);
        await settleDown(rig.data, rig.server.url);
        const stats = await rig.server.quietStats();
        expect(stats).toMatchObject({ started: 3, answered: 3, paidTwice: [] });
        expect(await violations(rig.data, { calls: stats })).toEqual([]);
        expect(await rig.dataset()).toHaveLength(1);
      });

  for (const moment of ['before', 'after'] as const)
    it(`at a dead letter, ${moment} its record is published, leaves one dead letter`, async () => {
      const rig = await RunRig.open({ questions: 1, script: { fractions: { malformed: 1 } } });
      await killedAt(rig, 'millrace.research.dlq', moment);
      // Its only question came to nothing.
      expect((await rig.run()).code).toBe(6);
      await settleDown(rig.data, rig.server.url);
      expect(await violations(rig.data, { calls: await rig.server.quietStats() })).toEqual([]);
    });

  it('at a dead letter whose question then works is at one end all the same', async () => {
    const rig = await RunRig.open({ questions: 1, script: { fractions: { malformed: 1 } } });
    await killedAt(rig, 'millrace.research.dlq', 'before');
    await rig.server.setScript({});
    expect((await rig.run()).code).toBe(0);
    await settleDown(rig.data, rig.server.url);
    expect(await violations(rig.data)).toEqual([]);
    expect(await rig.dataset()).toHaveLength(1);
  });
});
