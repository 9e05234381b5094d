import { readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { MongoCluster } from '../../support/servers/mongo-cluster.ts';
import { describeOnKafka, describeWithMembers } from '../../support/servers/on-servers.ts';
import { until } from '../../support/until.ts';
import { SLOW_MS, WorkerRig } from './worker-rig.ts';

const QUESTIONS = 5;
const CALLS = 3 * QUESTIONS;

const known: { kafka?: string } = {};
await describeOnKafka('Kafka beside a MongoDB that goes away', (bootstrap) => {
  known.kafka = bootstrap;
  it('is there', () => expect(bootstrap).toContain(':'));
});

await describeWithMembers('a worker that has to end while MongoDB is away', (start) => {
  const journalsIn = async (rig: WorkerRig) =>
    (await readdir(rig.data)).filter((name) => name.endsWith('.journal'));

  /** A worker whose calls have all been answered after MongoDB went away. */
  async function withAnswers(lose: (cluster: MongoCluster) => Promise<void>, ...flags: string[]) {
    const { kafka } = known;
    if (kafka === undefined) return undefined;
    const cluster = await start();
    const script = { latencyMs: { research: 4_000 } };
    const rig = await WorkerRig.open({ kafka, mongo: cluster.address }, QUESTIONS, script);
    const worker = await rig.worker(...flags);
    await until('every call is made', async () => (await rig.llm.stats()).inFlight === QUESTIONS, SLOW_MS);
    await lose(cluster);
    await until(
      'every call is answered',
      async () => (await rig.llm.stats()).answered === QUESTIONS,
      SLOW_MS,
    );
    return { cluster, rig, worker };
  }

  async function expectNothingPaidTwice(rig: WorkerRig) {
    await rig.llm.setScript({});
    const again = await rig.worker();
    await rig.untilStatus('approved', QUESTIONS);
    expect(again.stderr()).toContain(`${QUESTIONS} stored`);
    expect(await rig.llm.quietStats()).toMatchObject({ started: CALLS, answered: CALLS, paidTwice: [] });
    again.kill('SIGTERM');
    expect((await again.exited).code).toBe(0);
    expect(await journalsIn(rig)).toEqual([]);
  }

  it('keeps its paid answers at the drain deadline, and the next start pays for none of them', async () => {
    const found = await withAnswers((cluster) => cluster.kill(), '--drain-seconds', '1');
    if (found === undefined) return;
    const { cluster, rig, worker } = found;
    worker.kill('SIGTERM');
    await worker.exited;
    expect(await journalsIn(rig), worker.stderr()).not.toEqual([]);
    await cluster.restart();
    await expectNothingPaidTwice(rig);
  });

  it('keeps them at a second signal too, without waiting for a server that is frozen', async () => {
    const found = await withAnswers(async (cluster) => cluster.freeze());
    if (found === undefined) return;
    const { cluster, rig, worker } = found;
    worker.kill('SIGINT');
    await until('it drains', () => worker.stderr().includes('Stopping'), SLOW_MS);
    worker.kill('SIGINT');
    expect((await worker.exited).code).toBe(130);
    expect(await journalsIn(rig), worker.stderr()).not.toEqual([]);
    cluster.thaw();
    await expectNothingPaidTwice(rig);
  });
});
