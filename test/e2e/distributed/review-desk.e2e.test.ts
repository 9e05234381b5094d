import { expect, it } from 'vitest';
import { kafkaFacts } from '../../support/invariants/kafka-facts.ts';
import { mongoFacts } from '../../support/invariants/mongo-facts.ts';
import { violationsIn } from '../../support/invariants.ts';
import { describeOnServers } from '../../support/servers/on-servers.ts';
import { until } from '../../support/until.ts';
import { serving } from '../http/desk-client.ts';
import { WorkerRig } from './worker-rig.ts';

const QUESTIONS = 4;

await describeOnServers('the review desk on Kafka and MongoDB', (servers) => {
  it('brings a held question onto the ledger by its decision, and takes it back by an undo', async () => {
    const rig = await WorkerRig.open(servers, QUESTIONS, {});
    const worker = await rig.worker('--hold-scores', '1..10');
    await rig.untilStatus('held', QUESTIONS);
    const { server, desk } = await serving((...args) => rig.start(...args));
    const claimed = await Promise.all(['Ann', 'Bob', 'Cid'].map((reviewer) => desk.next(reviewer)));
    const [ann, bob, cid] = claimed;
    if (ann === undefined || bob === undefined || cid === undefined) throw new RangeError('nobody to ask');
    expect(new Set(claimed.map(({ item }) => item.questionId)).size).toBe(claimed.length);
    const decided = await Promise.all([
      desk.decide(ann, 'Ann', { verdict: 'approve' }),
      desk.decide(bob, 'Bob', { verdict: 'reject', reason: 'Too thin.' }),
      desk.decide(cid, 'Cid', { verdict: 'approve' }),
    ]);
    expect(decided.map(({ status }) => status)).toEqual([200, 200, 200]);
    await rig.untilStatus('approved', 2);
    await rig.untilStatus('rejected', 1);
    expect(await desk.undo(cid.item, 'Cid')).toMatchObject({ status: 200 });
    await rig.untilStatus('held', 2);

    for (const child of [worker, server]) child.kill('SIGTERM');
    expect([(await worker.exited).code, (await server.exited).code]).toEqual([0, 0]);
    const facts = await until('everything is committed', async () => {
      const topics = await kafkaFacts(servers.kafka, rig.namespace);
      const found = { topics, ...(await mongoFacts(servers.mongo, rig.namespace)) };
      return violationsIn(found).length === 0 ? found : undefined;
    });
    const ledger = facts.topics.get('dataset')?.records.map(({ value }) => JSON.parse(value ?? ''));
    const about = (id: string) => ledger?.filter(({ questionId }) => questionId === id);
    expect(about(ann.item.questionId)).toMatchObject([{ review: { verdict: 'approved', reviewer: 'Ann' } }]);
    expect(about(cid.item.questionId)?.at(-1)).toMatchObject({ retracted: true });
  });
});
