import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { embeddedFacts } from '../../support/invariants/embedded-facts.ts';
import { violations } from '../../support/invariants.ts';
import type { Child } from '../../support/process/child.ts';
import { type Ended, ended, MAIN } from '../../support/process/millrace.ts';
import { RunRig } from '../../support/process/run-rig.ts';
import { settleDown } from '../../support/run/settle-down.ts';
import { until } from '../../support/until.ts';

const summarySchema = z.looseObject({
  type: z.enum(['summary', 'estimate', 'totals']),
  reading: z.looseObject({ messages: z.number(), read: z.number(), taken: z.number() }).optional(),
  spent: z.looseObject({ calls: z.number(), costUsd: z.number() }).optional(),
  counts: z.record(z.string(), z.number()).optional(),
  messages: z.number().optional(),
  matching: z.number().optional(),
  works: z.number().optional(),
  calls: z.number().optional(),
  costUsd: z.number().optional(),
  totals: z.looseObject({}).optional(),
});

/** The last line of `--json`. */
function lastLine({ stdout }: Ended) {
  return summarySchema.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));
}

function startReplay(rig: RunRig, ...flags: string[]): Child {
  const where = ['--data', rig.data, '--base-url', rig.server.url, '--json'];
  return rig.startNode(MAIN, 'replay', ...flags, ...where);
}

const replay = (rig: RunRig, ...flags: string[]): Promise<Ended> => ended(startReplay(rig, ...flags));
const calls = async (rig: RunRig) => (await rig.server.quietStats()).started;
const factsOf = (rig: RunRig) => embeddedFacts(rig.data, 'millrace');
const recordsOf = async (rig: RunRig, topic: string) =>
  (await factsOf(rig)).topics.get(topic)?.records.length;

async function exported(rig: RunRig, lane: string): Promise<string> {
  const out = join(rig.dir, `${lane}.jsonl`);
  const done = await rig.command('export', '--lane', lane, '--format', 'record', '--out', out);
  expect(done.code, done.stderr).toBe(0);
  return readFile(out, 'utf8');
}

async function finishedRig(questions: number, ...flags: string[]): Promise<RunRig> {
  const rig = await RunRig.open({ questions });
  const first = await rig.run(...flags);
  expect(first.code, first.stderr).toBe(0);
  return rig;
}

describe('a reprocess', () => {
  const request = ['--stage', 'generation', '--mode', 'reprocess', '--lane', 'second'];

  it('makes a whole lane beside main, costs what the dry run said, and can be compared', async () => {
    // One call after another: beside a first call that is out, others say the schema in words, which costs a little more.
    const rig = await finishedRig(8, '--batch-size', '1');
    const before = await calls(rig);
    const main = await exported(rig, 'main');

    const dry = await replay(rig, ...request, '--dry-run');
    expect(dry.code, dry.stderr).toBe(0);
    const estimate = lastLine(dry);
    expect(estimate).toMatchObject({ messages: 8, matching: 8, works: 8, calls: 16 });
    expect(await calls(rig)).toBe(before);
    expect((await factsOf(rig)).questions.map(({ lane }) => lane)).not.toContain('second');

    const done = await replay(rig, ...request, '--batch-size', '1');
    expect(done.code, done.stderr).toBe(0);
    const summary = lastLine(done);
    expect(summary.reading).toEqual({ messages: 8, read: 8, taken: 8 });
    expect(summary.counts).toMatchObject({ approved: 8, pending: 0 });
    expect((await calls(rig)) - before).toBe(estimate.calls);
    expect(summary.spent?.calls).toBe(estimate.calls);
    expect(summary.spent?.costUsd).toBeCloseTo(estimate.costUsd ?? Number.NaN, 9);

    expect(await exported(rig, 'main')).toBe(main);
    expect((await exported(rig, 'second')).trimEnd().split('\n')).toHaveLength(8);
    expect(await violations(rig.data, { calls: { started: await calls(rig) } })).toEqual([]);

    const compared = await rig.command('compare', 'main', 'second', '--json');
    expect(compared.code, compared.stderr).toBe(0);
    expect(compared.stdout.trimEnd().split('\n')).toHaveLength(9);
    expect(lastLine(compared).totals).toMatchObject({ questions: 8, approvedInBoth: 8, agreement: 1 });

    const again = await replay(rig, '--lane', 'second');
    expect([again.code, await calls(rig)]).toEqual([0, before + 16]);
    const other = await replay(rig, ...request, '--topic', 'chemistry');
    expect([other.code, other.stderr]).toEqual([
      2,
      expect.stringContaining('another replay: topic any there'),
    ]);
  });

  it('killed in the middle goes on where it was by its lane alone, and pays for nothing twice', async () => {
    const rig = await finishedRig(30);
    const before = await calls(rig);
    await rig.server.setScript({ latencyMs: 60 });
    const child = startReplay(rig, ...request, '--batch-size', '3');
    await until('some calls are made', async () => (await rig.server.stats()).started >= before + 12);
    child.kill('SIGKILL');
    await child.exited;
    const lostToKills = (await calls(rig)) - (await rig.kept()).calls;

    const done = await replay(rig, '--lane', 'second');
    expect(done.code, done.stderr).toBe(0);
    expect(lastLine(done).counts).toMatchObject({ approved: 30 });
    expect((await calls(rig)) - before).toBe(60 + lostToKills);
    // A record that the kill brought twice waits for its twin: the next start finds it done.
    await settleDown(rig.data, rig.server.url);
    const counted = { started: await calls(rig), lostToKills };
    expect(await violations(rig.data, { calls: counted })).toEqual([]);
  });
});

describe('a republish', () => {
  it('publishes stored results again at no call, whatever the stage, and once', async () => {
    const rig = await finishedRig(5);
    const before = await calls(rig);
    for (const [stage, next] of [
      ['questions', 'research'],
      ['generation', 'review'],
      ['storage', 'dataset'],
    ] as const) {
      const request = ['--stage', stage, '--mode', 'republish', '--lane', `${stage}-again`];
      const dry = await replay(rig, ...request, '--dry-run');
      expect(lastLine(dry), dry.stderr).toMatchObject({ works: 5, calls: 0, costUsd: 0 });
      const records = (await recordsOf(rig, next)) ?? 0;
      const done = await replay(rig, ...request);
      expect(done.code, done.stderr).toBe(0);
      expect(lastLine(done).reading).toMatchObject({ taken: 5 });
      expect(await recordsOf(rig, next)).toBe(records + 5);
      expect((await replay(rig, '--lane', `${stage}-again`)).code).toBe(0);
      expect(await recordsOf(rig, next)).toBe(records + 5);
    }
    expect(await calls(rig)).toBe(before);
    expect(await violations(rig.data, { calls: { started: before } })).toEqual([]);
  });
});
