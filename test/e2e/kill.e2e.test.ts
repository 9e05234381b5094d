import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/infra/llm/random.ts';
import { violations, violationsAtAnyTime } from '../support/invariants.ts';
import { questionText } from '../support/question-files.ts';
import { RunRig } from '../support/run-rig.ts';
import { settleDown } from '../support/settle-down.ts';
import { until } from '../support/until.ts';

const QUESTIONS = 100;
const KILLS = 20;
const BATCH = 4;
const CALLS_AT_ONCE = 3 * BATCH;
const SEED = 20_260_101;

/** Kills the run after a random number of calls. What the kill cost: calls that nothing is left of. */
async function killUnderLoad(rig: RunRig, random: () => number): Promise<void> {
  const before = (await rig.server.stats()).started;
  const calls = 1 + Math.floor(random() * 8);
  const child = rig.start();
  await until(`${calls} calls are made`, async () => (await rig.server.stats()).started >= before + calls);
  child.kill('SIGKILL');
  expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' });
}

describe('a run that is killed twenty times under load', () => {
  it('ends every question once, pays for no stored call again, and keeps every promise', {
    timeout: 120_000,
  }, async () => {
    const script = { latencyMs: 40, sigma: 0.5, seed: SEED, reject: { revisions: 1, fraction: 0.3 } };
    const rig = await RunRig.open({
      questions: QUESTIONS,
      ownServer: true,
      script,
      flags: ['--quiet', '--batch-size', String(BATCH)],
    });
    const random = seededRandom(SEED);
    let lostToKills = 0;
    for (let kill = 1; kill <= KILLS; kill += 1) {
      await killUnderLoad(rig, random);
      const { started } = await rig.server.quietStats();
      const lost = started - (await rig.kept()).calls - lostToKills;
      expect(lost, `calls lost to kill ${kill} of seed ${SEED}`).toBeLessThanOrEqual(CALLS_AT_ONCE);
      expect(lost).toBeGreaterThanOrEqual(0);
      lostToKills += lost;
      expect(await violationsAtAnyTime(rig.data), `after kill ${kill} of seed ${SEED}`).toEqual([]);
    }

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

    const lines = await rig.dataset();
    expect(lines).toHaveLength(QUESTIONS);
    for (const [index, line] of lines.entries()) expect(line).toContain(questionText(index));

    const again = await rig.run();
    expect(again.code).toBe(0);
    expect(again.stdout).toContain('nothing was paid for again');
    expect((await rig.server.stats()).started).toBe(started);
    expect(await rig.dataset()).toEqual(lines);
  });
});
