import { join } from 'node:path';
import { type SecuredListener, securitySettings } from './kafka-security.ts';

export type KafkaNode = Readonly<{
  id: number;
  port: number;
  controllerPort: number;
  directory: string;
  /** A second way in: clients that come by it are told to come by the proxy's port again. */
  front?: Readonly<{ port: number; proxyPort: number }>;
  /** A way in by TLS and with a login. */
  secured?: SecuredListener;
}>;

/** The settings file of one node: small, and quick to join, to fail over and to come back. */
export function kafkaSettings(
  nodes: readonly KafkaNode[],
  { id, port, controllerPort, directory, front, secured }: KafkaNode,
): string {
  const ways = (inner: number, proxied: number | undefined) =>
    [
      `PLAINTEXT://127.0.0.1:${inner}`,
      ...(proxied === undefined ? [] : [`FRONT://127.0.0.1:${proxied}`]),
      ...(secured === undefined ? [] : [`SECURED://127.0.0.1:${secured.port}`]),
    ].join(',');
  const copies = nodes.length;
  const quorum = copies >= 3 ? 2 : 1;
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.voters': nodes.map((each) => `${each.id}@127.0.0.1:${each.controllerPort}`).join(','),
    listeners: `${ways(port, front?.port)},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': ways(port, front?.proxyPort),
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map':
      'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,FRONT:PLAINTEXT,SECURED:SASL_SSL',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': join(directory, 'data'),
    'auto.create.topics.enable': false,
    'default.replication.factor': copies,
    'min.insync.replicas': quorum,
    'offsets.topic.replication.factor': copies,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': quorum,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': quorum,
    'share.coordinator.state.topic.num.partitions': 1,
    // 3 s by default: each first join would wait for them.
    'group.initial.rebalance.delay.ms': 0,
    // 6 s by default: a shorter session would be refused.
    'group.min.session.timeout.ms': 1_000,
    // 9 s by default: a killed broker could not register again for so long.
    'broker.session.timeout.ms': 2_000,
    'broker.heartbeat.interval.ms': 500,
    'replica.lag.time.max.ms': 5_000,
    'num.network.threads': 2,
    'num.io.threads': 2,
    'background.threads': 2,
    'log.cleaner.dedupe.buffer.size': 4_194_304,
    'log.segment.bytes': 67_108_864,
    'log.segment.delete.delay.ms': 1_000,
    'log.initial.task.delay.ms': 5_000,
    ...(secured === undefined ? {} : securitySettings(secured)),
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
