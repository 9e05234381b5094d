import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { expect, it, onTestFinished } from 'vitest';
import { seededRandom } from '../../../src/infra/models/random.ts';
import { arrivalsIn, type JournalMode, paidAgain } from '../../support/process/arrivals.ts';
import { ARRIVAL_POINT, ended } from '../../support/process/millrace.ts';
import { describeOnServers, type Servers } from '../../support/servers/on-servers.ts';
import { until } from '../../support/until.ts';
import { AT_ONCE, WorkerRig } from './worker-rig.ts';

const SEED = 20_260_101;
const BATCH = 2;
const MS = 600_000;

async function openRig(servers: Servers, questions: number) {
  const rig = await WorkerRig.open(servers, questions, { latencyMs: 40, sigma: 0.5, seed: SEED });
  const client = new MongoClient(servers.mongo);
  onTestFinished(() => client.close());
  const database = client.db(rig.namespace);
  const marks = join(rig.dir, 'arrivals');
  /** A worker that kills itself at an answer of that number. */
  const killAt = async (answer: number, mode: JournalMode) => {
    const flags = ['worker', '--batch-size', String(BATCH)];
    const child = rig.startNode([ARRIVAL_POINT, marks, String(answer), mode, ...flags], AT_ONCE);
    expect(await ended(child), `killed at answer ${answer}`).toMatchObject({ signal: 'SIGKILL' });
  };
  const finish = async () => {
    const child = rig.startNode([ARRIVAL_POINT, marks, '0', 'journal', 'worker'], AT_ONCE);
    await rig.untilStatus('approved', questions);
    // Those of dead processes go at the start or, where an answer had to wait for its work, once it is used.
    await until(
      'no journal is noted but its own',
      async () => (await database.collection('journals').countDocuments()) <= 1,
    );
    child.kill('SIGTERM');
    await child.exited;
  };
  /** How many journals of this data directory `doctor` names once no worker is listed any more, as none is 20 s after its kill. */
  const journalsNamed = async () => {
    await database.collection('workers').deleteMany({});
    const { stdout } = await rig.command('doctor');
    return stdout.split(`has gone silent: the journal under its ${rig.data} `).length - 1;
  };
  return { rig, killAt, finish, journalsNamed, arrivals: () => arrivalsIn(marks) };
}

await describeOnServers('a worker that is killed in the moment in which an answer arrives', (servers) => {
  it(
    'pays for no answer again that had come, once it starts again',
    async () => {
      const { rig, killAt, finish, journalsNamed, arrivals } = await openRig(servers, 6);
      const random = seededRandom(SEED);
      await killAt(1, 'journal');
      expect(await journalsNamed(), 'journals that the doctor names').toBe(1);
      for (let kill = 1; kill < 3; kill += 1) await killAt(1 + Math.floor(random() * 2), 'journal');
      await finish();
      const { started } = await rig.llm.quietStats();
      expect(paidAgain(arrivals())).toEqual([]);
      expect(started - arrivals().length, 'calls in flight at kills').toBeLessThanOrEqual(3 * 3 * BATCH);
    },
    MS,
  );

  it(
    'would pay again without its journal',
    async () => {
      const { killAt, finish, arrivals } = await openRig(servers, 3);
      await killAt(1, 'no-journal');
      await finish();
      expect(paidAgain(arrivals())).not.toEqual([]);
    },
    MS,
  );
});
