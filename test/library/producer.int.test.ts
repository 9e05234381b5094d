import { expect, it, onTestFinished } from 'vitest';
import { createProducer, type ProducerOptions } from '../../src/index.ts';
import { settingsSchema } from '../../src/infra/config/settings.ts';
import { openEngine } from '../../src/infra/engines/open-engine.ts';
import { openEmbedded } from '../../src/infra/engines/sqlite/engine.ts';
import { pipelineTopics } from '../../src/stages/pipeline.ts';
import { failureOf } from '../support/failure-of.ts';
import { questionsIn } from '../support/http/served.ts';
import { describeOnKafka } from '../support/servers/on-servers.ts';
import { tempDir } from '../support/temp-dir.ts';

async function producing(options: ProducerOptions = {}) {
  const data = await tempDir();
  const producer = await createProducer({ data, simulated: false, ...options });
  onTestFinished(() => producer.close());
  const engine = await openEmbedded({ data, namespace: 'millrace', mode: 'read' });
  onTestFinished(() => engine.close());
  return { producer, kept: () => questionsIn(engine.log, 'millrace') };
}

it('resolves with an id per question, in order, once they are in the topic', async () => {
  const { producer, kept } = await producing({ topic: 'chemistry' });
  const ids = await producer.send(['Why?', { question: 'How?', id: 'mine', topic: 'physics' }, 'WHY?']);
  expect(ids).toHaveLength(3);
  expect(ids[2]).toBe(ids[0]);
  const records = await kept();
  expect(records.map(({ question: { text, topic } }) => [text, topic])).toEqual([
    ['Why?', 'chemistry'],
    ['How?', 'physics'],
    ['WHY?', 'chemistry'],
  ]);
  expect(records.map(({ submission: { run, position } }) => [run, position])).toEqual(
    [0, 1, 2].map((position) => [producer.run, position]),
  );
  expect(records[1]?.submission).toMatchObject({ id: 'mine' });
});

it('takes one question, a list, and a stream of thousands that is read as there is room', async () => {
  const { producer, kept } = await producing();
  let furthest = 0;
  async function* many() {
    for (let index = 0; index < 3_000; index += 1) {
      furthest = index;
      yield `What is ${index}?`;
    }
  }
  const [one, , ids] = await Promise.all([
    producer.send('One?'),
    producer.send({ question: 'Two?' }),
    producer.send(many()),
  ]);
  expect([one.length, ids.length, new Set(ids).size, furthest]).toEqual([1, 3_000, 3_000, 2_999]);
  const positions = (await kept()).map(({ submission: { position } }) => position);
  expect(positions.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 3_002 }, (_, index) => index));
});

it('keeps the digits of a bigint, and refuses half a character, by what stands where', async () => {
  const { producer, kept } = await producing();
  await producer.send({ question: 'Why?', id: 'mine', metadata: { tweets: [1234567890123456789n] } });
  expect((await kept())[0]?.submission['metadata']).toEqual({ tweets: ['1234567890123456789'] });
  const half = { question: 'How?', topic: 'cut \ud83d' };
  for (const each of [
    half,
    { ...half, topic: 'a', id: '\ud83d' },
    { ...half, topic: 'a', metadata: { a: '\ud83d' } },
  ]) {
    const failure = await failureOf(() => producer.send(each));
    expect([failure.code, failure.message]).toEqual([
      'bad_question',
      expect.stringContaining('whole characters'),
    ]);
  }
});

it('names a question that is none, and takes others afterwards', async () => {
  const { producer, kept } = await producing();
  const failure = await failureOf(() => producer.send(['Why?', ' ']));
  expect([failure.code, failure.message]).toEqual(['bad_question', expect.stringContaining('Question 2')]);
  await producer.send('How?');
  expect(await kept()).toHaveLength(1);
});

it('finishes what is on its way when it is closed, and takes nothing afterwards', async () => {
  const { producer, kept } = await producing();
  const sent = producer.send(Array.from({ length: 400 }, (_, index) => `What is ${index}?`));
  await new Promise((resolve) => setImmediate(resolve));
  await Promise.all([producer.close(), producer.close()]);
  expect(await sent).toHaveLength(400);
  expect(await kept()).toHaveLength(400);
  expect((await failureOf(() => producer.send('Late?'))).code).toBe('closed');
});

it('puts questions beside a process that works the same data directory', async () => {
  const data = await tempDir();
  const worker = await openEmbedded({ data, namespace: 'millrace', mode: 'consume' });
  onTestFinished(() => worker.close());
  await worker.log.ensureTopics(pipelineTopics('millrace', 1));
  const producer = await createProducer({ data, simulated: false });
  await producer.send('Why?');
  await producer.close();
  expect(await questionsIn(worker.log, 'millrace')).toHaveLength(1);
});

it('goes to the data of the simulated model where there is no key, and says so', async () => {
  const producer = await createProducer({ data: await tempDir(), dryRun: true });
  expect(producer.simulated).toBe(true);
  await producer.close();
});

await describeOnKafka('a producer on Kafka', (kafka) => {
  it('needs no MongoDB, and its questions are in the topic once it resolves', async () => {
    const data = await tempDir();
    const namespace = `test-${crypto.randomUUID().slice(0, 8)}`;
    const producer = await createProducer({ kafka, data, namespace, partitions: 3, simulated: false });
    const ids = await producer.send(Array.from({ length: 1_200 }, (_, index) => `What is ${index}?`));
    await producer.close();
    const settings = settingsSchema.parse({ kafka, data });
    const engine = await openEngine({ settings, namespace, mode: 'append' });
    onTestFinished(() => engine.close());
    const ends = await engine.log.endOffsets(`${namespace}.questions`);
    const records = [...ends.values()].reduce((sum, end) => sum + end, 0n);
    // An outage that is waited out repeats a batch, and a record that comes twice is one question.
    expect(records).toBeGreaterThanOrEqual(1_200n);
    expect(ids).toHaveLength(1_200);
  });
});
