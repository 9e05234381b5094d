import { pino } from 'pino';
import { expect, it } from 'vitest';
import { kafkaClient } from '../../../../src/infra/engines/kafka/client.ts';

const ended = { write: () => expect.fail('the log was ended') };

it('what kafkajs says after the end of the log breaks nothing', () => {
  const kafka = kafkaClient({ clientId: 'test', brokers: ['127.0.0.1:1'] }, pino({ base: null }, ended));
  expect(() => kafka.logger().error('a socket broke')).not.toThrow();
});
