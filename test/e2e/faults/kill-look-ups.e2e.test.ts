import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/infra/models/random.ts';
import { embeddedFacts } from '../../support/invariants/embedded-facts.ts';
import { violations, violationsAtAnyTime } from '../../support/invariants.ts';
import { arrivalsIn, paidAgain } from '../../support/process/arrivals.ts';
import { ARRIVAL_POINT, ended } from '../../support/process/millrace.ts';
import { RunRig } from '../../support/process/run-rig.ts';
import { LOOKED_UP, writeCases } from '../../support/run/cases.ts';
import { settleDown } from '../../support/run/settle-down.ts';

const SEED = 20_260_101;
const BATCH = 2;
const CALLS_AT_ONCE = 3 * BATCH;
const KILLS = 12;
const QUESTIONS = 8;
/** Each process dies of its first to third answer. */
const MOST_ANSWERS = 3;

async function openRig() {
  const rig = await RunRig.open({
    questions: QUESTIONS,
    ownServer: true,
    script: { latencyMs: 20, sigma: 0.5, seed: SEED },
    flags: ['--quiet', '--batch-size', String(BATCH), '--research', 'tools'],
  });
  expect(await rig.command('sources', 'add', await writeCases(rig.dir))).toMatchObject({ code: 0 });
  const marks = join(rig.dir, 'arrivals');
  /** `millrace run`, which kills itself at an answer of that number; 0 for never. */
  const start = (answer = 0) => rig.startNode(ARRIVAL_POINT, marks, String(answer), 'journal', ...rig.args());
  return { rig, start, arrivals: () => arrivalsIn(marks) };
}

/** The keys of the steps that stand, by their work. */
async function stepsIn(data: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const { steps } = await embeddedFacts(data, 'millrace');
  const works = Map.groupBy(steps, ({ work }) => work);
  return new Map([...works].map(([work, its]) => [work, its.map(({ key }) => key)]));
}

describe('a run whose model looks things up, killed again and again as an answer arrives', () => {
  it('goes on at the last step: each turn that was answered is asked for once, and every quote stands in its passage', async () => {
    const { rig, start, arrivals } = await openRig();
    const random = seededRandom(SEED);
    let halfWay = 0;
    let before: ReadonlyMap<string, readonly string[]> = new Map();
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const which = `kill ${kill} of seed ${SEED}`;
      const child = start(1 + Math.floor(random() * MOST_ANSWERS));
      expect(await ended(child), which).toMatchObject({ signal: 'SIGKILL' });
      expect(await violationsAtAnyTime(rig.data), `after ${which}`).toEqual([]);
      const now = await stepsIn(rig.data);
      for (const [work, keys] of before) expect(now.get(work)?.slice(0, keys.length), which).toEqual(keys);
      if ([...now.values()].some((keys) => keys.length < LOOKED_UP.length)) halfWay += 1;
      before = now;
    }
    expect(halfWay, 'kills in the midst of look-ups').toBeGreaterThan(0);

    const last = await ended(start());
    expect(last.code, last.stderr).toBe(0);
    await settleDown(rig.data, rig.server.url);
    const { started } = await rig.server.quietStats();
    // What was sent and never read by its last byte was in flight: nothing else is asked for again.
    const lostToKills = started - arrivals().length;
    expect(paidAgain(arrivals())).toEqual([]);
    expect(lostToKills).toBeLessThanOrEqual(KILLS * CALLS_AT_ONCE);
    expect(await violations(rig.data, { calls: { started, lostToKills } })).toEqual([]);
    expect([...(await stepsIn(rig.data)).values()]).toEqual(
      Array.from({ length: QUESTIONS }, () => LOOKED_UP),
    );
    const { ends } = await embeddedFacts(rig.data, 'millrace');
    const quoted = ends.filter(({ example }) => example.includes('"evidence":[{'));
    expect(quoted).toHaveLength(QUESTIONS);
  });
});
