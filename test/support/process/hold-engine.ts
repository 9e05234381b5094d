import { parseArgs } from 'node:util';
import { openEmbedded } from '../../../src/infra/engines/sqlite/engine.ts';

/**
 * `node hold-engine.ts --data DIR --topic NAME`: consumes a topic of an embedded engine, says `ready` and then each value
 * that comes, until it is killed.
 */
const { values } = parseArgs({
  options: { data: { type: 'string', default: '' }, topic: { type: 'string', default: '' } },
});
const { data, topic } = values;
const { log } = await openEmbedded({ data, namespace: 'conformance', mode: 'consume' });
await log.ensureTopics([{ topic, partitions: 1 }]);
const consumer = log.consumer({
  topic,
  group: 'holder',
  receiver: {
    onAssigned: () => undefined,
    onFailed: (error) => console.error(error),
    onRecords: (_, records) => {
      for (const { value } of records) console.log(`got ${String(value)}`);
      return records.length;
    },
  },
});
await consumer.start();
console.log('ready');
setInterval(() => undefined, 60_000);
