import type { Settings } from '../../../infra/config/settings.ts';
import { TOPIC_CONFIG } from '../../../infra/engines/kafka/topic-config.ts';
import { MAX_RECORD_BYTES } from '../../../stages/limits.ts';
import type { TopicDescription } from '../../../streams/log/log-admin.ts';

/** Something about a topic that is not as it should be, and what to do. */
export type Advice = Readonly<{
  topic: string;
  /** `broken`: work stands still or records are in danger. `differs`: it works, otherwise than the settings say. */
  weight: 'broken' | 'differs';
  problem: string;
  mend: string;
}>;

type Wanted = Pick<Settings, 'kafka' | 'partitions' | 'replicationFactor'>;

/** What differs from the settings, and what is wrong whatever they say. Only for Kafka: an embedded log has no settings. */
export function adviceOn(
  expected: readonly string[],
  found: readonly TopicDescription[],
  wanted: Wanted,
): readonly Advice[] {
  const standing = new Map(found.map((each) => [each.topic, each]));
  return expected.flatMap((topic) => {
    const description = standing.get(topic);
    if (description === undefined) return [missing(topic)];
    return wanted.kafka === undefined ? [] : kafkaAdvice(description, wanted, wanted.kafka);
  });
}

/** What is the same for several topics is said once. */
export function summedUp(advice: readonly Advice[]): readonly Advice[] {
  const alike = Map.groupBy(advice, ({ weight, problem, mend }) => JSON.stringify([weight, problem, mend]));
  return [...alike.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    return [{ ...first, topic: `${first.topic}${more}` }];
  });
}

function missing(topic: string): Advice {
  const mend = 'millrace topics create, or start a run: it makes what is missing';
  return { topic, weight: 'broken', problem: 'not there', mend };
}

function kafkaAdvice({ topic, partitions, config }: TopicDescription, wanted: Wanted, kafka: string) {
  const alter = (setting: string) =>
    `kafka-configs.sh --bootstrap-server ${kafka} --alter --entity-type topics --entity-name ${topic} --add-config ${setting}`;
  const advice: Advice[] = [];
  const add = (weight: Advice['weight'], problem: string, mend: string) =>
    advice.push({ topic, weight, problem, mend });

  const leaderless = partitions.filter(({ leader }) => leader === null).length;
  if (leaderless > 0)
    add('broken', `${leaderless} partitions have no leader`, 'start the brokers that hold them');
  const behind = partitions.filter(({ replicas, inSync }) => inSync.length < replicas.length).length;
  if (behind > 0)
    add(
      'differs',
      `${behind} partitions have replicas that lag behind`,
      'look at the brokers that are down or slow',
    );
  const least = Number(config.get('min.insync.replicas') ?? 1);
  if (partitions.some(({ inSync }) => inSync.length < least))
    add(
      'broken',
      `fewer than min.insync.replicas (${least}) are in sync: nothing can be published`,
      'start a broker',
    );

  if (partitions.length !== wanted.partitions) {
    const more = `kafka-topics.sh --bootstrap-server ${kafka} --alter --topic ${topic} --partitions ${wanted.partitions}`;
    const fewer = `set partitions to ${partitions.length}: Kafka takes no partition away`;
    const mend = partitions.length < wanted.partitions ? more : fewer;
    add('differs', `${partitions.length} partitions, and the settings say ${wanted.partitions}`, mend);
  }
  const copies = Math.min(...partitions.map(({ replicas }) => replicas.length));
  if (wanted.replicationFactor > 0 && copies < wanted.replicationFactor)
    add(
      'differs',
      `${copies} copies, and the settings say ${wanted.replicationFactor}`,
      'kafka-reassign-partitions.sh with a plan that names more brokers',
    );
  if (config.get('retention.ms') !== TOPIC_CONFIG['retention.ms'])
    add(
      'broken',
      `records are deleted after ${config.get('retention.ms')} ms, worked or not`,
      alter('retention.ms=-1'),
    );
  if (config.get('cleanup.policy')?.includes('compact') === true)
    add(
      'broken',
      'it is compacted: of the records of a question only the last one stays, worked or not',
      alter('cleanup.policy=delete'),
    );
  if (Number(config.get('max.message.bytes') ?? 0) < MAX_RECORD_BYTES)
    add(
      'differs',
      `records above ${config.get('max.message.bytes')} bytes are refused, and ${MAX_RECORD_BYTES} are wanted`,
      alter(`max.message.bytes=${MAX_RECORD_BYTES}`),
    );
  return advice;
}
