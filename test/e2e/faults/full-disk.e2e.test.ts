import { mkdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { violations } from '../../support/invariants.ts';
import { ended } from '../../support/process/millrace.ts';
import { RunRig } from '../../support/process/run-rig.ts';
import { mountSmallDisk } from '../../support/process/small-disk.ts';
import { until } from '../../support/until.ts';

const QUESTIONS = 120;

describe('a disk that fills up during a run', () => {
  it('is waited for: finished answers are kept, and nothing is paid for again', async (context) => {
    const rig = await RunRig.open({ questions: QUESTIONS, script: { latencyMs: 5 }, flags: [] });
    await mkdir(rig.data);
    const disk = mountSmallDisk(rig.data, '1200k');
    if (disk === undefined) return context.skip('only root may mount a small file system');
    const child = rig.start();
    await until(
      'the run says that the disk is full',
      () => /waiting: .*disk.* is full/.test(child.stderr()),
      90_000,
    );
    await rig.server.quietStats();
    disk.grow('64m');
    const run = await ended(child);
    expect(run.code, run.stderr).toBe(0);
    const stats = await rig.server.quietStats();
    expect(stats).toMatchObject({ started: 3 * QUESTIONS, answered: 3 * QUESTIONS, paidTwice: [] });
    expect(await violations(rig.data, { calls: stats })).toEqual([]);
    expect(await rig.dataset()).toHaveLength(QUESTIONS);
  });
});
