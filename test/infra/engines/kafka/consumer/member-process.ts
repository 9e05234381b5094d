import { DeliverySource } from '../../../../../src/streams/delivery/delivery-source.ts';
import { openKafkaLog } from '../open-kafka-log.ts';

/** A member of a group in a process of its own, to be killed or frozen: prints each value once it has settled it. */
const [bootstrap = '', topic = '', group = ''] = process.argv.slice(2);
const source = new DeliverySource(openKafkaLog(bootstrap), {
  topic,
  group,
  credits: 10,
  commitIntervalMs: 20,
});
source.deliveries.subscribe(({ record, settle }) => {
  setTimeout(() => {
    process.stdout.write(`${record.value}\n`);
    settle();
  });
});
