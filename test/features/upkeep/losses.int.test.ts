import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { expect, it, onTestFinished } from 'vitest';
import { lostRecordsWatch } from '../../../src/features/run/lost-records-watch.ts';
import { watchLosses } from '../../../src/features/run/watch-losses.ts';
import { questions as doctorsLook } from '../../../src/features/upkeep/doctor/questions.ts';
import { askAgain, emptiedStore, lostRecords } from '../../../src/features/upkeep/losses.ts';
import { settingsSchema } from '../../../src/infra/config/settings.ts';
import { kafkaClient } from '../../../src/infra/engines/kafka/client.ts';
import { openEngine } from '../../../src/infra/engines/open-engine.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import { groupOf, topicsOf } from '../../../src/stages/stage-names.ts';
import { Alarms } from '../../../src/streams/alarms.ts';
import { failureOf } from '../../support/failure-of.ts';
import { millrace } from '../../support/process/millrace.ts';
import { askedQuestions, runHere } from '../../support/run/run-here.ts';
import { describeOnKafka, describeOnMongo } from '../../support/servers/on-servers.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { until } from '../../support/until.ts';

/** A finished run on both servers, and what looks after it. */
async function finished(kafka: string, mongo: string) {
  const where = { kafka, mongo, partitions: 1, replicationFactor: 1 };
  const given = {
    ...where,
    namespace: `losses-${randomUUID().slice(0, 8)}`,
    data: await tempDir(),
    dryRun: true,
  };
  const namespace = `${given.namespace}-simulated`;
  const settings = settingsSchema.parse(given);
  await runHere(given, { asked: askedQuestions(4) });
  const engine = await openEngine({ settings, namespace, mode: 'append' });
  onTestFinished(() => engine.close());
  const lane = await engine.store.lanes.get(MAIN_LANE);
  if (lane === undefined) expect.fail('no lane');
  const alarms = new Alarms();
  onTestFinished(watchLosses({ engine, namespace, lane, alarms }, 50));
  const kinds = () => alarms.open.map(({ kind }) => kind);
  const found = async () => {
    const looked = await doctorsLook.look({ settings, namespace, simulated: true });
    return [looked].flat().map(({ status }) => status);
  };
  return { given, namespace, engine, lane, kinds, alarms, found };
}

await describeOnKafka('what a topic or a database lost', (kafka) =>
  describeOnMongo('on both servers', (mongo) => {
    it('is an alarm where records were deleted before anybody read them', async () => {
      const { namespace, engine, kinds, alarms, found } = await finished(kafka, mongo);
      expect([await lostRecords(engine, namespace), await found()]).toEqual([[], ['ok']]);
      const topic = topicsOf(namespace).questions;
      const group = groupOf(namespace, 'questions');
      await engine.log.setOffsets(group, topic, new Map([[0, 1n]]));
      await engine.admin.deleteRecords(topic, new Map([[0, 3n]]));
      expect(await lostRecords(engine, namespace)).toEqual([{ topic, records: 2 }]);
      await until('the alarm is raised', () => kinds().includes('records_lost'));
      expect(alarms.open[0]?.text).toContain('2 records were deleted');
      expect(await found()).toContain('failed');
    });

    it('is seen by a run that waits for what a deleted topic held', async () => {
      const { namespace, engine } = await finished(kafka, mongo);
      const topic = topicsOf(namespace).questions;
      const ends = await engine.log.endOffsets(topic);
      await lostRecordsWatch(engine.admin, topic, ends, 0)();
      const admin = kafkaClient({ clientId: 'deleter', brokers: kafka.split(',') }).admin();
      await admin.connect();
      await admin.deleteTopics({ topics: [topic] });
      await until('the topic is gone', async () => !(await admin.listTopics()).includes(topic));
      const failure = await failureOf(lostRecordsWatch(engine.admin, topic, ends, 0));
      expect(failure).toMatchObject({ kind: 'fatal', code: 'records_lost' });
      expect(failure.message).toContain('4 of its records are gone');
      await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true });
      const again = () => failureOf(lostRecordsWatch(engine.admin, topic, ends, 0)).catch(() => undefined);
      await until('the new topic is seen, which holds none of them', async () => {
        const seen = await again();
        return seen?.code === 'records_lost' && seen.message.includes('4 of its records');
      });
      await admin.disconnect();
    });

    it('is an alarm where the database was dropped under way, and repair asks again for what the topic holds', async () => {
      const { given, namespace, engine, lane, kinds, found } = await finished(kafka, mongo);
      expect(await emptiedStore(engine, namespace)).toBe(0);
      const client = await new MongoClient(mongo).connect();
      await client.db(namespace).dropDatabase();
      await client.close();
      await until('the alarm is raised', () => kinds().includes('store_emptied'));
      await until(
        'the lane stands again',
        async () => (await engine.store.lanes.get(MAIN_LANE)) !== undefined,
      );
      expect(await engine.store.lanes.get(MAIN_LANE)).toEqual(lane);
      expect(await emptiedStore(engine, namespace)).toBe(4);
      expect(await found()).toContain('failed');

      // The command needs no model: it asks none.
      const flags = ['--kafka', kafka, '--mongo', mongo, '--namespace', namespace];
      const said = await millrace(['repair', '--json', ...flags], { cwd: given.data });
      expect([said.code, said.stdout, said.stderr]).toEqual([0, '{"repaired":0,"askedAgain":4}\n', '']);
      const again = await runHere(given, { asked: askedQuestions(4) });
      expect([again.questions, again.open]).toEqual([4, 0]);
      expect(await emptiedStore(engine, namespace)).toBe(0);
      expect(await askAgain(engine, namespace)).toBe(0);
    });
  }),
);
