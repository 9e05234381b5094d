import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { seededRandom } from '../../src/infra/models/random.ts';
import { WorkerRig } from '../e2e/distributed/worker-rig.ts';
import { kafkaFacts } from '../support/invariants/kafka-facts.ts';
import { mongoFacts } from '../support/invariants/mongo-facts.ts';
import { violations, violationsIn } from '../support/invariants.ts';
import { arrivalsIn, type JournalMode, paidAgain } from '../support/process/arrivals.ts';
import type { Child } from '../support/process/child.ts';
import { ARRIVAL_POINT, ended } from '../support/process/millrace.ts';
import { RunRig } from '../support/process/run-rig.ts';
import { settleDown } from '../support/run/settle-down.ts';
import { until } from '../support/until.ts';
import { lagsOf, openAdmin } from './engines/distributed.ts';
import type { EngineName } from './engines/engine.ts';
import { openStand, type Stand } from './stand.ts';

const KILLS = 100;
/** So many are enough to see that answers are asked for again where nothing keeps them. */
const KILLS_UNKEPT = 10;
/** Workers that are killed side by side, each in a namespace of its own: most of a kill is waiting for groups and leases. */
const LINES = 5;
const BATCH = 2;
const CALLS_AT_ONCE = 3 * BATCH;
/** Each process dies of its first to third answer. */
const MOST_ANSWERS = 3;
const MOST_MS = 60 * 60_000;
const SETTLES_WITHIN_MS = 300_000;
const PATIENT = {
  // No work is to die of bad luck.
  MILLRACE_MAX_CONTENT_ATTEMPTS: '9',
  MILLRACE_MAX_ATTEMPTS: '9',
  // The next process waits no longer for what a dead one had in flight.
  MILLRACE_LEASE_MS: '3000',
  MILLRACE_KAFKA_SESSION_TIMEOUT_MS: '6000',
};

const { seed, only, engine } = inject('faultSuite');
const NAME = 'kills at the arrival of answers';
const wanted = (name: EngineName) => new RegExp(only).test(NAME) && (engine === '' || engine === name);
const script = { latencyMs: 20, sigma: 0.5, seed, fractions: { malformed: 0.05, '500': 0.05 } };
/** So many that the last process has some left. */
const questionsFor = (kills: number) => (kills * (MOST_ANSWERS + CALLS_AT_ONCE)) / 3;

/** What kills came to. `again`: answers that had arrived and were asked for again. */
type Came = Readonly<{ kills: number; answers: number; again: number; inFlight: number }>;

/** A process that kills itself at an answer of that number; 0 for never. */
type Start = (answer: number) => Child;

async function killAtArrivals(start: Start, kills: number, seedOfLine: number): Promise<void> {
  const random = seededRandom(seedOfLine);
  for (let kill = 1; kill <= kills; kill += 1) {
    const answer = 1 + Math.floor(random() * MOST_ANSWERS);
    expect(await ended(start(answer)), `kill ${kill} at answer ${answer}`).toMatchObject({
      signal: 'SIGKILL',
    });
  }
}

function came(kills: number, marks: string, inFlight: number): Came {
  const answers = arrivalsIn(marks);
  return { kills, answers: answers.length, again: paidAgain(answers).length, inFlight };
}

async function killRun(kills: number, mode: JournalMode): Promise<Came> {
  const flags = ['--quiet', '--batch-size', String(BATCH)];
  const rig = await RunRig.open({
    ...{ questions: questionsFor(kills), ownServer: true, script, flags },
    env: PATIENT,
  });
  const marks = join(rig.dir, 'arrivals');
  const start: Start = (answer) => rig.startNode(ARRIVAL_POINT, marks, String(answer), mode, ...rig.args());
  await killAtArrivals(start, kills, seed);
  const last = await ended(start(0));
  expect(last.code, last.stderr).toBe(0);
  await settleDown(rig.data, rig.server.url);
  const { started } = await rig.server.quietStats();
  const lostToKills = started - (await rig.kept()).calls;
  expect(await violations(rig.data, { calls: { started, lostToKills } })).toEqual([]);
  return came(kills, marks, lostToKills);
}

async function killWorker({ servers }: Stand, kills: number, mode: JournalMode, line = 0): Promise<Came> {
  const questions = questionsFor(kills);
  const rig = await WorkerRig.open(servers, questions, script);
  const marks = join(rig.dir, 'arrivals');
  const start: Start = (answer) => {
    const flags = ['worker', '--batch-size', String(BATCH)];
    return rig.startNode([ARRIVAL_POINT, marks, String(answer), mode, ...flags], PATIENT);
  };
  await killAtArrivals(start, kills, seed + line);
  const last = start(0);
  await rig.untilStatus('approved', questions);
  // What the killed ones had not committed comes again, after the last question has ended too.
  const admin = await openAdmin(servers.kafka);
  const read = async () => (await lagsOf(admin, rig.namespace).catch(() => 'unknown')) === '';
  await until('every stage has read its topic to the end', read, SETTLES_WITHIN_MS);
  last.kill('SIGTERM');
  expect(await ended(last)).toMatchObject({ code: 0 });
  const { started } = await rig.llm.quietStats();
  const topics = await kafkaFacts(servers.kafka, rig.namespace);
  const facts = { topics, ...(await mongoFacts(servers.mongo, rig.namespace)) };
  const lostToKills = started - facts.tally.done - facts.tally.failedAttempts;
  expect(violationsIn(facts, { calls: { started, lostToKills } })).toEqual([]);
  return came(kills, marks, lostToKills);
}

function told(name: EngineName, mode: JournalMode, { kills, answers, again, inFlight }: Came): void {
  console.log(`| ${name} | ${mode} | ${kills} | ${answers} | ${again} | ${inFlight} |`);
}

function expectNothingAgain(name: EngineName, them: Came): void {
  told(name, 'journal', them);
  expect(them.again).toBe(0);
  expect(them.inFlight).toBeLessThanOrEqual(them.kills * CALLS_AT_ONCE);
}

function expectSomeAgain(name: EngineName, them: Came): void {
  told(name, 'no-journal', them);
  expect(them.again).toBeGreaterThan(0);
}

const kept = `${KILLS} times: no answer that had arrived is asked for again`;
const unkept = `${KILLS_UNKEPT} times without a journal: some are`;

describe.runIf(wanted('embedded'))(`${NAME}, on the embedded engine`, () => {
  it(kept, { timeout: MOST_MS }, async () => expectNothingAgain('embedded', await killRun(KILLS, 'journal')));
  it(unkept, { timeout: MOST_MS }, async () =>
    expectSomeAgain('embedded', await killRun(KILLS_UNKEPT, 'no-journal')),
  );
});

describe.runIf(wanted('kafka+mongo'))(`${NAME}, on Kafka and MongoDB`, () => {
  const known: { stand?: Stand } = {};
  const stand = () => {
    if (known.stand === undefined) throw new Error('the servers did not start');
    return known.stand;
  };
  beforeAll(async () => {
    known.stand = await openStand();
  }, MOST_MS);
  afterAll(() => known.stand?.stop());

  it(kept, { timeout: MOST_MS }, async () => {
    const lines = Array.from({ length: LINES }, (_, line) =>
      killWorker(stand(), KILLS / LINES, 'journal', line),
    );
    expectNothingAgain('kafka+mongo', (await Promise.all(lines)).reduce(together));
  });
  it(unkept, { timeout: MOST_MS }, async () =>
    expectSomeAgain('kafka+mongo', await killWorker(stand(), KILLS_UNKEPT, 'no-journal')),
  );
});

function together(a: Came, b: Came): Came {
  return {
    kills: a.kills + b.kills,
    answers: a.answers + b.answers,
    again: a.again + b.again,
    inFlight: a.inFlight + b.inFlight,
  };
}
