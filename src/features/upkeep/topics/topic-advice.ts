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

type OnTopic = Omit<Advice, 'topic'>;
type Partitions = TopicDescription['partitions'];
type Wanted = Pick<Settings, 'kafka' | 'partitions' | 'replicationFactor'>;

/** What differs from the settings, and what is wrong whatever they say. Only for Kafka: an embedded log has no settings. */
export function adviceOn(
  expected: readonly string[],
  found: readonly TopicDescription[],
  wanted: Wanted,
): readonly Advice[] {
  const existing = new Map(found.map((each) => [each.topic, each]));
  return expected.flatMap((topic) => {
    const description = existing.get(topic);
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

function kafkaAdvice(
  { topic, partitions, config }: TopicDescription,
  wanted: Wanted,
  kafka: string,
): readonly Advice[] {
  const found = [
    ...onReplicas(partitions, Number(config.get('min.insync.replicas') ?? 1)),
    ...onLayout(topic, partitions, wanted, kafka),
    ...onConfig(topic, config, kafka),
  ];
  return found.map((each) => ({ topic, ...each }));
}

/** Whether every partition has a leader, and its replicas follow it. */
function* onReplicas(partitions: Partitions, least: number): Iterable<OnTopic> {
  const leaderless = partitions.filter(({ leader }) => leader === null).length;
  if (leaderless > 0)
    yield broken(`${leaderless} partitions have no leader`, 'start the brokers that hold them');
  const behind = partitions.filter(({ replicas, inSync }) => inSync.length < replicas.length).length;
  if (behind > 0) {
    const problem = `${behind} partitions have replicas that lag behind`;
    yield differs(problem, 'look at the brokers that are down or slow');
  }
  if (partitions.some(({ inSync }) => inSync.length < least)) {
    const problem = `fewer than min.insync.replicas (${least}) are in sync: nothing can be published`;
    yield broken(problem, 'start a broker');
  }
}

/** How many partitions and copies there are. */
function* onLayout(
  topic: string,
  partitions: Partitions,
  { partitions: count, replicationFactor }: Wanted,
  kafka: string,
): Iterable<OnTopic> {
  if (partitions.length !== count) {
    const more = `kafka-topics.sh --bootstrap-server ${kafka} --alter --topic ${topic} --partitions ${count}`;
    const fewer = `set partitions to ${partitions.length}: Kafka takes no partition away`;
    const problem = `${partitions.length} partitions, and the settings say ${count}`;
    yield differs(problem, partitions.length < count ? more : fewer);
  }
  const copies = Math.min(...partitions.map(({ replicas }) => replicas.length));
  if (replicationFactor > 0 && copies < replicationFactor) {
    const mend = 'kafka-reassign-partitions.sh with a plan that names more brokers';
    yield differs(`${copies} copies, and the settings say ${replicationFactor}`, mend);
  }
}

/** Whether its records stay, and whether the largest fits. */
function* onConfig(topic: string, config: ReadonlyMap<string, string>, kafka: string): Iterable<OnTopic> {
  const alter = (setting: string) =>
    `kafka-configs.sh --bootstrap-server ${kafka} --alter --entity-type topics --entity-name ${topic} --add-config ${setting}`;
  const retention = config.get('retention.ms');
  if (retention !== TOPIC_CONFIG['retention.ms'])
    yield broken(`records are deleted after ${retention} ms, worked or not`, alter('retention.ms=-1'));
  if (config.get('cleanup.policy')?.includes('compact') === true) {
    const problem = 'it is compacted: of the records of a question only the last one stays, worked or not';
    yield broken(problem, alter('cleanup.policy=delete'));
  }
  const largest = config.get('max.message.bytes');
  if (Number(largest ?? 0) < MAX_RECORD_BYTES) {
    const problem = `records above ${largest} bytes are refused, and ${MAX_RECORD_BYTES} are wanted`;
    yield differs(problem, alter(`max.message.bytes=${MAX_RECORD_BYTES}`));
  }
}

function broken(problem: string, mend: string): OnTopic {
  return { weight: 'broken', problem, mend };
}

function differs(problem: string, mend: string): OnTopic {
  return { weight: 'differs', problem, mend };
}
