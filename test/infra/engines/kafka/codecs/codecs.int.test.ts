import { expect, it } from 'vitest';
import { textOf } from '../../../../../src/testing/collector.ts';
import { kafkaJars, kafkaTool } from '../../../../support/servers/kafka/kafka-jars.ts';
import { describeOnKafka } from '../../../../support/servers/on-servers.ts';
import { until } from '../../../../support/until.ts';
import { Member } from '../consumer/member.ts';
import { openedTopic } from '../opened.ts';

/** Several blocks of each codec, which compress neither to nothing nor not at all. */
const LINES = Array.from(
  { length: 400 },
  (_, index) => `${index} ${'Grüße ✓ '.repeat(index % 90)}${Math.sin(index)}`,
);

// In CI they are there, or the test says what is missing.
const hasTools = process.env['CI'] === 'true' || (await kafkaJars().then(Boolean, () => false));

await describeOnKafka("records of Kafka's own console producer", (bootstrap) => {
  it.skipIf(!hasTools).for(['none', 'gzip', 'snappy', 'lz4', 'zstd'])(
    'are read when compressed by %s',
    async (codec) => {
      const { log, topic, group } = await openedTopic(bootstrap);
      const args = ['--bootstrap-server', bootstrap, '--topic', topic, `--compression-codec=${codec}`];
      await kafkaTool('org.apache.kafka.tools.ConsoleProducer', args, `${LINES.join('\n')}\n`);
      const member = new Member(log, topic, group);
      await member.consumer.start();
      await until('all lines have come', () => member.records.length >= LINES.length);
      expect(member.records.map(textOf)).toEqual(LINES);
      expect(member.records[0]).toMatchObject({ key: null, headers: {} });
      expect(member.failures).toEqual([]);
    },
  );
});
