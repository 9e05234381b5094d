import { randomUUID } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { forget, planForget } from '../../../src/features/upkeep/forget.ts';
import { settingsSchema } from '../../../src/infra/config/settings.ts';
import { openEngine } from '../../../src/infra/engines/open-engine.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import { questionIdOf } from '../../../src/stages/question.ts';
import { listOf } from '../../../src/testing/store/fixtures.ts';
import { readTopic } from '../../support/run/read-topic.ts';
import { askedQuestions, runHere } from '../../support/run/run-here.ts';
import { describeOnKafka, describeOnMongo } from '../../support/servers/on-servers.ts';
import { tempDir } from '../../support/temp-dir.ts';

/** A namespace of its own on both servers, with a simulated model. */
async function place(kafka: string, mongo: string) {
  const given = {
    ...{ kafka, mongo, partitions: 1, replicationFactor: 1, dryRun: true },
    ...{ namespace: `forget-${randomUUID().slice(0, 8)}`, data: await tempDir() },
  };
  const namespace = `${given.namespace}-simulated`;
  const engine = await openEngine({ settings: settingsSchema.parse(given), namespace, mode: 'append' });
  onTestFinished(() => engine.close());
  return { given, namespace, engine };
}

await describeOnKafka('forgetting on both servers', (kafka) =>
  describeOnMongo('together', (mongo) => {
    it('leaves tombstones that no stage takes for a dead letter, and the question stays out', async () => {
      const { given, namespace, engine } = await place(kafka, mongo);
      await runHere(given, { asked: askedQuestions(4) });
      let id = '';
      for await (const { question } of askedQuestions(1)) id = questionIdOf(question);
      const plan = await planForget(engine, namespace, { kind: 'question', id });
      expect(plan.holdings).toMatchObject({ questions: 1, works: 3 });
      const done = await forget(engine, { namespace, data: given.data }, plan);
      expect(done).toMatchObject({ questions: 1, records: 'tombstones', erased: plan.holdings });

      const topic = `${namespace}.research`;
      const values: unknown[] = [];
      const until = await engine.log.endOffsets(topic);
      await readTopic(engine.log, { topic, group: `test.${randomUUID()}`, until }, ({ key, value }) => {
        if (key === id) values.push(value);
      });
      expect(values.at(-1)).toBeNull();

      const again = await runHere(given, { asked: askedQuestions(4) });
      expect([again.questions, again.open]).toEqual([3, 0]);
      expect(await listOf(engine.store.deadLetters.list({}))).toEqual([]);
      expect((await engine.store.reports.progress(MAIN_LANE)).questions['dead_lettered']).toBe(0);
      expect((await planForget(engine, namespace, { kind: 'question', id })).holdings.questions).toBe(0);
    });
  }),
);
