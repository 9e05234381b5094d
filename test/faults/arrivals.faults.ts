import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { seededRandom } from '../../src/infra/llm/random.ts';
import { WorkerRig } from '../e2e/distributed/worker-rig.ts';
import { ARRIVAL_POINT, arrivalsIn, paidAgain } from '../support/arrivals.ts';
import { violations } from '../support/invariants.ts';
import { ended } from '../support/millrace.ts';
import { RunRig } from '../support/run-rig.ts';
import { settleDown } from '../support/settle-down.ts';
import { openStand } from './stand.ts';

const KILLS = 100;
const BATCH = 2;
const CALLS_AT_ONCE = 3 * BATCH;
/** Each process dies of its first to third answer. */
const MOST_ANSWERS = 3;
const QUESTIONS = (KILLS * (MOST_ANSWERS + CALLS_AT_ONCE)) / 3;
const MOST_MS = 60 * 60_000;
/** No work is to die of bad luck. */
const PATIENT = { MILLRACE_MAX_CONTENT_ATTEMPTS: '9', MILLRACE_MAX_ATTEMPTS: '9' };

const { seed, only, engine } = inject('faultSuite');
const NAME = 'kills at the arrival of answers';
const wanted = (name: string) => new RegExp(only).test(NAME) && (engine === '' || engine === name);

function numbers(): readonly number[] {
  const random = seededRandom(seed);
  return Array.from({ length: KILLS }, () => 1 + Math.floor(random() * MOST_ANSWERS));
}

describe(NAME, () => {
  it.runIf(wanted('embedded'))(`${KILLS} times on the embedded engine`, { timeout: MOST_MS }, async () => {
    const script = { latencyMs: 20, sigma: 0.5, seed, fractions: { malformed: 0.05, '500': 0.05 } };
    const flags = ['--quiet', '--batch-size', String(BATCH)];
    const rig = await RunRig.open({ questions: QUESTIONS, ownServer: true, script, flags, env: PATIENT });
    const marks = join(rig.dir, 'arrivals');
    const run = (answer: number) =>
      ended(rig.startNode(ARRIVAL_POINT, marks, String(answer), 'journal', ...rig.args()));
    for (const answer of numbers()) expect(await run(answer)).toMatchObject({ signal: 'SIGKILL' });
    expect((await run(0)).code).toBe(0);
    await settleDown(rig.data, rig.server.url);
    const { started } = await rig.server.quietStats();
    const inFlight = started - (await rig.kept()).calls;
    expect(paidAgain(arrivalsIn(marks))).toEqual([]);
    expect(inFlight).toBeLessThanOrEqual(KILLS * CALLS_AT_ONCE);
    expect(await violations(rig.data, { calls: { started, lostToKills: inFlight } })).toEqual([]);
    console.log(`${KILLS} kills, ${arrivalsIn(marks).length} answers, ${inFlight} calls in flight at kills.`);
  });

  it.runIf(wanted('kafka+mongo'))(`${KILLS} times on Kafka and MongoDB`, { timeout: MOST_MS }, async () => {
    const stand = await openStand();
    try {
      const script = { latencyMs: 20, sigma: 0.5, seed, fractions: { malformed: 0.05, '500': 0.05 } };
      const rig = await WorkerRig.open(stand.servers, QUESTIONS, script);
      const marks = join(rig.dir, 'arrivals');
      const env = { ...PATIENT, MILLRACE_LEASE_MS: '600000', MILLRACE_KAFKA_SESSION_TIMEOUT_MS: '6000' };
      const flags = ['worker', '--batch-size', String(BATCH)];
      const work = (answer: number, more = {}) =>
        rig.startNode([ARRIVAL_POINT, marks, String(answer), 'journal', ...flags], { ...env, ...more });
      for (const answer of numbers()) expect(await ended(work(answer))).toMatchObject({ signal: 'SIGKILL' });
      const last = work(0, { MILLRACE_LEASE_MS: '3000' });
      await rig.untilStanding('approved', QUESTIONS);
      last.kill('SIGTERM');
      await last.exited;
      const { started } = await rig.llm.quietStats();
      const answers = arrivalsIn(marks);
      expect(paidAgain(answers)).toEqual([]);
      console.log(`${KILLS} kills, ${answers.length} answers of ${started} calls.`);
    } finally {
      await stand.stop();
    }
  });
});
