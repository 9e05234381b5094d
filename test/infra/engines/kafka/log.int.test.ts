import { describeLog } from '../../../../src/testing/log-suite.ts';
import { describeOnKafka } from '../../../support/servers/on-servers.ts';
import { openKafkaLog } from './open-kafka-log.ts';

await describeOnKafka('on a real Kafka', (bootstrap) => {
  describeLog('Kafka', async () => {
    let log = openKafkaLog(bootstrap);
    const reopen = async () => {
      await log.close();
      log = openKafkaLog(bootstrap);
      return log;
    };
    return { log, reopen, close: () => log.close() };
  });
});
