import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { violations, violationsAtAnyTime } from '../../support/invariants.ts';
import type { Fault } from '../../support/llm/scripted-llm-script.ts';
import { RunRig } from '../../support/process/run-rig.ts';
import { until } from '../../support/until.ts';

const QUESTIONS = 40;
const FLAGS = ['--quiet', '--batch-size', '5', '--max-revisions', '0'];
/** More than any way down the four rungs of an endpoint takes, whoever is asked for first, three times over. */
const ALWAYS = Array<Fault>(12).fill('400');
/** A third is rejected for good, and two of them die: a 400 of unknown reason is believed the third time. */
const SCRIPT = {
  latencyMs: 10,
  reject: { revisions: 99, fraction: 0.3 },
  sequences: [
    { question: 'case 003', schema: 'candidate', faults: ALWAYS },
    { question: 'case 006', schema: 'review', faults: ALWAYS },
  ],
};

const openRig = (flags: readonly string[]) =>
  RunRig.open({ questions: QUESTIONS, script: SCRIPT, flags: [...FLAGS, ...flags] });

const targetOf = (stdout: string) => JSON.parse(stdout.trim().split('\n').at(-1) ?? '').target;

describe('a run with a target', () => {
  it('brings exactly so many, with rejections and dead letters in between, and asks no more than it needs', async () => {
    const rig = await openRig(['--target', '12', '--json']);
    const first = await rig.run();
    expect(first.code, first.stderr).toBe(0);
    const target = targetOf(first.stdout);
    expect(target).toMatchObject({ approved: 12, missing: 0, beyond: 0 });
    expect(target.groups).toHaveLength(1);
    expect(target.groups[0]).toMatchObject({ approved: 12, failed: 2, open: 0 });
    expect(target.groups[0].rejected).toBeGreaterThan(0);
    expect(await rig.dataset()).toHaveLength(12);
    const { started } = await rig.server.quietStats();
    expect(started).toBeLessThan(3 * QUESTIONS);
    expect(await violations(rig.data)).toEqual([]);

    const again = await rig.run();
    expect(again.code, again.stderr).toBe(0);
    expect((await rig.server.quietStats()).started).toBe(started);
    expect(await rig.dataset()).toHaveLength(12);
  });

  it('is never silently short: the supply that ends before is told apart, with 5', async () => {
    const rig = await openRig(['--target', '39']);
    const ended = await rig.run();
    expect(ended.code, ended.stderr).toBe(5);
    expect(ended.stdout).toMatch(/Target of 39 approved not reached: \d+ missing; the questions have ended/);
    expect(ended.stdout).toMatch(/\d+ approved, \d+ rejected, 2 dead-lettered/);
  });

  it('goes on after kill -9 to exactly the target, paying nothing twice', async () => {
    const rig = await openRig(['--target', '15']);
    const child = rig.start();
    await until('calls are answered', async () => (await rig.server.stats()).answered >= 10);
    child.kill('SIGKILL');
    await child.exited;
    const second = await rig.run();
    expect(second.code, second.stderr).toBe(0);
    expect(second.stdout).toContain('Target reached: 15 approved.');
    expect(await rig.dataset()).toHaveLength(15);
    expect(await violationsAtAnyTime(rig.data)).toEqual([]);
  });

  it('of each topic lets questions pass by where there are enough, and says what each misses', async () => {
    const rig = await RunRig.open({
      questions: 1,
      flags: [...FLAGS, '--target', '3', '--target-per', 'topic'],
    });
    const lines = [...Array(10).keys()].map((n) => ({
      question: `Why is ${n}?`,
      topic: n < 8 ? 'many' : 'few',
    }));
    await writeFile(rig.file, lines.map((line) => JSON.stringify(line)).join('\n'));
    const ended = await rig.run();
    expect(ended.code, ended.stderr).toBe(5);
    expect(ended.stdout).toMatch(/not reached: 1 missing in 1 topic/);
    expect(ended.stdout).toMatch(/few +2 +0 +0 +1/);
    expect(ended.stdout).toMatch(/many +3 +0 +0 +0/);
    expect(ended.stdout).toContain('5 questions not asked');
    expect((await rig.server.quietStats()).started).toBe(3 * 5);
    expect(await rig.dataset()).toHaveLength(5);
  });

  it('is refused where it makes no sense', async () => {
    const rig = await openRig([]);
    const wrong = [
      ['--target-per', 'topic'],
      ['--target', '3', '--redo', 'review'],
      ['--target', '0'],
    ];
    for (const flags of wrong) expect((await rig.run(...flags)).code, flags.join(' ')).toBe(2);
  });
});
