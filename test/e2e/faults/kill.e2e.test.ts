import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/infra/models/random.ts';
import { violations, violationsAtAnyTime } from '../../support/invariants.ts';
import type { ScriptInput } from '../../support/llm/scripted-llm-script.ts';
import { arrivalsIn, type JournalMode, paidAgain } from '../../support/process/arrivals.ts';
import { ARRIVAL_POINT, ended } from '../../support/process/millrace.ts';
import { RunRig } from '../../support/process/run-rig.ts';
import { questionText } from '../../support/run/question-files.ts';
import { settleDown } from '../../support/run/settle-down.ts';
import { until } from '../../support/until.ts';

const BATCH = 4;
const CALLS_AT_ONCE = 3 * BATCH;
const SEED = 20_260_101;

type Scenario = Readonly<{ questions: number; kills: number; script: ScriptInput }>;

async function openRig({ questions, script }: Scenario) {
  const rig = await RunRig.open({
    questions,
    ownServer: true,
    script: { latencyMs: 40, sigma: 0.5, seed: SEED, reject: { revisions: 1, fraction: 0.3 }, ...script },
    flags: ['--quiet', '--batch-size', String(BATCH)],
    // No work is to die of bad luck.
    env: { MILLRACE_MAX_CONTENT_ATTEMPTS: '9' },
  });
  const marks = join(rig.dir, 'arrivals');
  /** `millrace run`, which kills itself at an answer of that number; 0 for never. */
  const start = (answer = 0, mode: JournalMode = 'journal') =>
    rig.startNode(ARRIVAL_POINT, marks, String(answer), mode, ...rig.args());
  return { rig, start, arrivals: () => arrivalsIn(marks) };
}

type Rig = Awaited<ReturnType<typeof openRig>>;

/** Kills the run again and again, each time after a random number of calls. Returns how many calls the kills cost. */
async function killUnderLoad({ rig, start }: Rig, kills: number): Promise<number> {
  const random = seededRandom(SEED);
  let lostToKills = 0;
  for (let kill = 1; kill <= kills; kill += 1) {
    const before = await rig.server.stats();
    const wanted = before.started + 1 + Math.floor(random() * 8);
    const child = start();
    await until(`${wanted} calls are made`, async () => (await rig.server.stats()).started >= wanted);
    child.kill('SIGKILL');
    expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' });

    const after = await rig.server.quietStats();
    const lost = after.started - (await rig.kept()).calls - lostToKills;
    const which = `kill ${kill} of seed ${SEED}`;
    expect(lost, `calls lost to ${which}`).toBeGreaterThanOrEqual(after.abandoned - before.abandoned);
    expect(lost, `calls lost to ${which}`).toBeLessThanOrEqual(CALLS_AT_ONCE);
    expect(await violationsAtAnyTime(rig.data), `after ${which}`).toEqual([]);
    lostToKills += lost;
  }
  return lostToKills;
}

/** Kills the run again and again in the turn in which it has read the last byte of an answer. */
async function killAtArrivals({ start }: Rig, kills: number, mode: JournalMode = 'journal'): Promise<void> {
  const random = seededRandom(SEED);
  for (let kill = 1; kill <= kills; kill += 1) {
    const answer = 1 + Math.floor(random() * 4);
    expect(await ended(start(answer, mode)), `kill ${kill} at answer ${answer}`).toMatchObject({
      signal: 'SIGKILL',
    });
  }
}

async function expectWholeDataset(rig: RunRig, questions: number): Promise<void> {
  const lines = await rig.dataset();
  expect(lines).toHaveLength(questions);
  for (const [index, line] of lines.entries()) expect(line).toContain(questionText(index));
}

describe('a run that is killed again and again under load', () => {
  it('ends every question once, pays for no answer that had come again, and keeps every promise', async () => {
    const scenario = { questions: 60, kills: 10, script: {} };
    const its = await openRig(scenario);
    const { rig, start, arrivals } = its;
    const lostToKills = await killUnderLoad(its, scenario.kills);
    const last = await ended(start());
    expect(last.code, last.stderr).toBe(0);
    await settleDown(rig.data, rig.server.url);
    const { started } = await rig.server.quietStats();
    const { done } = await rig.kept();
    expect(await violations(rig.data, { calls: { started, lostToKills } })).toEqual([]);
    expect(started - done).toBe(lostToKills);
    expect(paidAgain(arrivals())).toEqual([]);
    await expectWholeDataset(rig, scenario.questions);

    const again = await rig.run();
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('Nothing was called here')]);
    expect((await rig.server.stats()).started).toBe(started);
    await expectWholeDataset(rig, scenario.questions);
  });

  it('loses no failed attempt either, where the server fails as well', async () => {
    const fractions = { '500': 0.06, '429': 0.04, malformed: 0.06, cut: 0.03 };
    const scenario = { questions: 40, kills: 5, script: { fractions } };
    const its = await openRig(scenario);
    const { rig, start, arrivals } = its;
    const lostToKills = await killUnderLoad(its, scenario.kills);
    const last = await ended(start());
    expect(last.code, last.stderr).toBe(0);
    await settleDown(rig.data, rig.server.url);
    const { started } = await rig.server.quietStats();
    const { calls, done } = await rig.kept();
    expect(started - calls).toBe(lostToKills);
    expect(calls - done, 'failed attempts that are kept').toBeGreaterThan(0);
    expect(paidAgain(arrivals())).toEqual([]);
    expect(await violations(rig.data, { calls: { started, lostToKills } })).toEqual([]);
    await expectWholeDataset(rig, scenario.questions);
  });
});

describe('a run that is killed in the moment in which an answer arrives', () => {
  const scenario = { questions: 20, kills: 6, script: { fractions: { malformed: 0.1 } } };

  it('pays for no answer again that had come', async () => {
    const its = await openRig(scenario);
    const { rig, start, arrivals } = its;
    await killAtArrivals(its, scenario.kills);
    const last = await ended(start());
    expect(last.code, last.stderr).toBe(0);
    await settleDown(rig.data, rig.server.url);
    const { started } = await rig.server.quietStats();
    // What was sent and never read by its last byte was in flight: nothing else is asked for again.
    const inFlight = started - arrivals().length;
    expect(paidAgain(arrivals())).toEqual([]);
    expect(started - (await rig.kept()).calls).toBe(inFlight);
    expect(inFlight).toBeLessThanOrEqual(scenario.kills * CALLS_AT_ONCE);
    expect(await violations(rig.data, { calls: { started, lostToKills: inFlight } })).toEqual([]);
    await expectWholeDataset(rig, scenario.questions);
  });

  it('would pay again without its journal', async () => {
    const its = await openRig({ ...scenario, questions: 4 });
    await killAtArrivals(its, 2, 'no-journal');
    expect((await ended(its.start())).code).toBe(0);
    expect(paidAgain(its.arrivals())).not.toEqual([]);
  });
});
