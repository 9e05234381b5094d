import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/infra/llm/random.ts';
import { violations, violationsAtAnyTime } from '../support/invariants.ts';
import { questionText } from '../support/question-files.ts';
import { RunRig } from '../support/run-rig.ts';
import type { ScriptInput } from '../support/scripted-llm-script.ts';
import { settleDown } from '../support/settle-down.ts';
import { until } from '../support/until.ts';

const BATCH = 4;
const CALLS_AT_ONCE = 3 * BATCH;
const SEED = 20_260_101;

type Scenario = Readonly<{ questions: number; kills: number; script: ScriptInput }>;

function openRig({ questions, script }: Scenario): Promise<RunRig> {
  return RunRig.open({
    questions,
    ownServer: true,
    script: { latencyMs: 40, sigma: 0.5, seed: SEED, reject: { revisions: 1, fraction: 0.3 }, ...script },
    flags: ['--quiet', '--batch-size', String(BATCH)],
  });
}

/** Kills the run again and again, each time after a random number of calls. Returns how many calls the kills cost. */
async function killUnderLoad(rig: RunRig, kills: number): Promise<number> {
  const random = seededRandom(SEED);
  let lostToKills = 0;
  for (let kill = 1; kill <= kills; kill += 1) {
    const before = await rig.server.stats();
    const calls = 1 + Math.floor(random() * 8);
    const child = rig.start();
    const wanted = before.started + calls;
    await until(`${calls} calls are made`, async () => (await rig.server.stats()).started >= wanted);
    child.kill('SIGKILL');
    expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' });

    const after = await rig.server.quietStats();
    const lost = after.started - (await rig.kept()).calls - lostToKills;
    const cut = after.abandoned - before.abandoned;
    const which = `kill ${kill} of seed ${SEED}`;
    expect(cut, `calls cut off by ${which}`).toBeLessThanOrEqual(CALLS_AT_ONCE);
    // The others were answered, and the answer was on its way into the store.
    expect(lost - cut, `answers lost to ${which}`).toBeLessThanOrEqual(CALLS_AT_ONCE);
    expect(lost - cut, `answers lost to ${which}`).toBeGreaterThanOrEqual(0);
    expect(await violationsAtAnyTime(rig.data), `after ${which}`).toEqual([]);
    lostToKills += lost;
  }
  return lostToKills;
}

async function expectWholeDataset(rig: RunRig, questions: number): Promise<void> {
  const lines = await rig.dataset();
  expect(lines).toHaveLength(questions);
  for (const [index, line] of lines.entries()) expect(line).toContain(questionText(index));
}

describe('a run that is killed again and again under load', () => {
  it('ends every question once, pays for no stored call again, and keeps every promise', async () => {
    const scenario = { questions: 100, kills: 20, script: {} };
    const rig = await openRig(scenario);
    const lostToKills = await killUnderLoad(rig, scenario.kills);
    const last = await rig.run();
    expect(last.code, last.stderr).toBe(0);
    await settleDown(rig.data, rig.server.url);
    const { started, answered, abandoned, paidTwice, works } = await rig.server.quietStats();
    const { done } = await rig.kept();
    expect(await violations(rig.data, { calls: { started, lostToKills } })).toEqual([]);
    // Beyond the minimum are only the calls in flight at a kill: cut off, or answered and not yet stored.
    expect(started - done).toBe(lostToKills);
    expect(abandoned + (answered - done)).toBe(lostToKills);
    expect(paidTwice.length).toBeLessThanOrEqual(answered - done);
    expect(Object.values(works).filter((work) => work.answered > 0)).toHaveLength(done);
    await expectWholeDataset(rig, scenario.questions);

    const again = await rig.run();
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('Nothing was called here')]);
    expect((await rig.server.stats()).started).toBe(started);
    await expectWholeDataset(rig, scenario.questions);
  });

  it('loses no failed attempt either, where the server fails as well', async () => {
    const fractions = { '500': 0.06, '429': 0.04, malformed: 0.06, cut: 0.03 };
    const scenario = { questions: 40, kills: 7, script: { fractions } };
    const rig = await openRig(scenario);
    const lostToKills = await killUnderLoad(rig, scenario.kills);
    const last = await rig.run();
    expect(last.code, last.stderr).toBe(0);
    await settleDown(rig.data, rig.server.url);
    const { started } = await rig.server.quietStats();
    const { calls, done } = await rig.kept();
    expect(started - calls).toBe(lostToKills);
    expect(calls - done, 'failed attempts that are kept').toBeGreaterThan(0);
    expect(await violations(rig.data, { calls: { started, lostToKills } })).toEqual([]);
    await expectWholeDataset(rig, scenario.questions);
  });
});
