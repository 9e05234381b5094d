import { join } from 'node:path';
import { expect, it } from 'vitest';
import { seededRandom } from '../../../src/infra/models/random.ts';
import { mongoFacts } from '../../support/invariants/mongo-facts.ts';
import { answersKept } from '../../support/invariants/steps.ts';
import { arrivalsIn, paidAgain } from '../../support/process/arrivals.ts';
import { startNode } from '../../support/process/child.ts';
import { ARRIVAL_POINT, ended, MAIN } from '../../support/process/millrace.ts';
import { LOOKED_UP, writeCases } from '../../support/run/cases.ts';
import { describeOnServers, type Servers } from '../../support/servers/on-servers.ts';
import { AT_ONCE, WorkerRig } from './worker-rig.ts';

const SEED = 20_260_101;
const BATCH = 2;
const QUESTIONS = 4;
const KILLS = 3;
const MS = 600_000;
const ENV = { MILLRACE_RESEARCH: 'tools', ...AT_ONCE };

async function addCases({ dir, data, namespace }: WorkerRig, { kafka, mongo }: Servers): Promise<void> {
  const env = { MILLRACE_KAFKA: kafka, MILLRACE_MONGO: mongo, MILLRACE_NAMESPACE: namespace };
  const args = [MAIN, 'sources', 'add', await writeCases(dir), '--data', data];
  expect(await ended(startNode(args, { cwd: dir, env }))).toMatchObject({ code: 0 });
}

await describeOnServers('a worker whose model looks things up, killed as an answer arrives', (servers) => {
  it(
    'goes on at the last step once it starts again: each turn that was answered is asked for once',
    async () => {
      const script = { latencyMs: 40, sigma: 0.5, seed: SEED };
      const rig = await WorkerRig.open(servers, QUESTIONS, script);
      await addCases(rig, servers);
      const marks = join(rig.dir, 'arrivals');
      const start = (answer: number) => {
        const flags = ['worker', '--batch-size', String(BATCH)];
        return rig.startNode([ARRIVAL_POINT, marks, String(answer), 'journal', ...flags], ENV);
      };
      const facts = () => mongoFacts(servers.mongo, rig.namespace);
      const random = seededRandom(SEED);
      for (let kill = 1; kill <= KILLS; kill += 1) {
        const answer = 1 + Math.floor(random() * 3);
        expect(await ended(start(answer)), `killed at answer ${answer}`).toMatchObject({ signal: 'SIGKILL' });
      }
      const halfWay = (await facts()).works.filter(
        ({ stage, state }) => stage === 'research' && state !== 'done',
      );
      expect(halfWay, 'works that a kill left in the midst of look-ups').not.toEqual([]);
      const last = start(0);
      await rig.untilStatus('approved', QUESTIONS);
      last.kill('SIGTERM');
      await last.exited;

      const { started } = await rig.llm.quietStats();
      const arrivals = arrivalsIn(marks);
      expect(paidAgain(arrivals)).toEqual([]);
      expect(started - arrivals.length, 'calls in flight at kills').toBeLessThanOrEqual(KILLS * 3 * BATCH);
      const found = await facts();
      expect(answersKept(found) + found.tally.failedAttempts).toBe(arrivals.length);
      const works = Map.groupBy(found.steps, ({ work }) => work);
      const steps = [...works.values()].map((its) => its.map(({ n, key }) => [n, key]));
      expect(steps).toEqual(Array.from({ length: QUESTIONS }, () => [...LOOKED_UP.entries()]));
      const quoted = found.ends.filter(({ example }) => example.includes('"evidence":[{'));
      expect(quoted).toHaveLength(QUESTIONS);
    },
    MS,
  );
});
