import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { openEmbedded } from '../../../../src/infra/engines/sqlite/engine.ts';
import { pipelineTopics } from '../../../../src/stages/pipeline.ts';
import { questionIdOf } from '../../../../src/stages/question.ts';
import { openKafkaLog } from '../../../infra/engines/kafka/open-kafka-log.ts';
import type { Api } from '../../../support/http/api.ts';
import { questionsIn, served } from '../../../support/http/served.ts';
import { describeWithBrokers } from '../../../support/servers/on-servers.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { until } from '../../../support/until.ts';

const acceptedSchema = z.object({ results: z.array(z.object({ id: z.string() })) });

/** The API on a Kafka that a test may treat badly. */
async function onKafka(bootstrap: string) {
  const log = openKafkaLog(bootstrap);
  const embedded = await openEmbedded({ data: await tempDir(), namespace: 'test', mode: 'append' });
  onTestFinished(async () => {
    await log.close();
    await embedded.close();
  });
  await log.ensureTopics(pipelineTopics('test', 2));
  return served({ engine: { ...embedded, log } });
}

const ask = (api: Api, name: string) =>
  api.post(
    Array.from({ length: 20 }, (_, index) => ({
      question: `What is ${name} ${index}?`,
      id: `${name}-${index}`,
    })),
  );

await describeWithBrokers('a server whose broker is treated badly', (start) => {
  it('answers 202 only for what stands in the topic, and 503 for the rest', async () => {
    const cluster = await start();
    const { api, engine } = await onKafka(cluster.address);
    await until('the broker takes questions', async () => (await ask(api, 'first')).status === 202);

    cluster.freeze();
    const frozen = await ask(api, 'frozen');
    expect([frozen.status, frozen.headers.get('retry-after')]).toEqual([503, '5']);
    cluster.thaw();

    const acknowledged = new Set<string>();
    const statuses = new Set<number>();
    let [asked, ended] = [0, false];
    const client = async (name: string) => {
      while (!ended) {
        const { status, body } = await ask(api, `${name}-${asked++}`);
        statuses.add(status);
        if (status === 202) for (const { id } of acceptedSchema.parse(body).results) acknowledged.add(id);
      }
    };
    const clients = ['a', 'b', 'c'].map(client);
    await until('questions flow', () => acknowledged.size > 200);
    await cluster.kill();
    await until('the loss is told', () => statuses.has(503));
    await cluster.restart();
    const before = acknowledged.size;
    await until('they flow again', () => acknowledged.size > before + 200);
    ended = true;
    await Promise.all(clients);
    expect([...statuses].toSorted()).toEqual([202, 503]);

    const kept = await until(
      'the topic is read',
      () => questionsIn(engine.log).catch(() => undefined),
      60_000,
    );
    const ids = new Set(kept.map(({ question }) => String(questionIdOf(question))));
    expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([]);
  });
});
