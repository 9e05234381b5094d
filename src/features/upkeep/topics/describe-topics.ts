import type { Settings } from '../../../infra/config/settings.ts';
import type { Engine } from '../../../infra/engines/engine.ts';
import { alignedColumns, count, printableJson } from '../../../infra/terminal/format.ts';
import { pipelineTopics } from '../../../stages/pipeline.ts';
import type { TopicDescription } from '../../../streams/log/log-admin.ts';
import { type Advice, adviceOn, summedUp } from './topic-advice.ts';

/** What `millrace topics describe` prints. */
export async function describeTopics(
  { admin }: Pick<Engine, 'admin'>,
  namespace: string,
  settings: Settings,
  json: boolean,
): Promise<string> {
  const expected = pipelineTopics(namespace, settings.partitions).map(({ topic }) => topic);
  const found = await admin.describeTopics(expected);
  const advice = adviceOn(expected, found, settings);
  return json ? asJson(found, advice) : asText(found, advice, settings.kafka !== undefined);
}

function asText(found: readonly TopicDescription[], advice: readonly Advice[], onKafka: boolean): string {
  const head = ['topic', 'partitions', 'offsets', 'records'];
  const kafkaHead = ['leaders', 'copies', 'in sync', 'retention.ms', 'max.message.bytes'];
  const rows = found.map((each) => [...plainRow(each), ...(onKafka ? kafkaRow(each) : [])]);
  return [
    alignedColumns([[...head, ...(onKafka ? kafkaHead : [])], ...rows]),
    ...(onKafka
      ? []
      : ['', 'The embedded log: one file, no copies; records stay until `millrace gc --records`.']),
    ...summedUp(advice).flatMap(({ topic, problem, mend }) => [
      '',
      `${topic}: ${problem}`,
      `  to fix it: ${mend}`,
    ]),
  ].join('\n');
}

function plainRow({ topic, partitions }: TopicDescription): string[] {
  const records = partitions.reduce((sum, { begin, end }) => sum + (end - begin), 0n);
  return [topic, count(partitions.length), offsetsOf(partitions), count(Number(records))];
}

function offsetsOf(partitions: TopicDescription['partitions']): string {
  const spans = new Set(partitions.map(({ begin, end }) => `${begin}-${end}`));
  return spans.size === 1 ? [...spans].join() : 'unequal: --json';
}

function kafkaRow({ partitions, config }: TopicDescription): string[] {
  const distinct = (values: readonly (number | null)[]) =>
    [...new Set(values)].map((value) => value ?? 'none').join(',');
  return [
    distinct(partitions.map(({ leader }) => leader)),
    distinct(partitions.map(({ replicas }) => replicas.length)),
    distinct(partitions.map(({ inSync }) => inSync.length)),
    config.get('retention.ms') ?? '?',
    config.get('max.message.bytes') ?? '?',
  ];
}

function asJson(found: readonly TopicDescription[], advice: readonly Advice[]): string {
  const topics = found.map(({ topic, partitions, config }) => ({
    topic,
    records: partitions.reduce((sum, { begin, end }) => sum + Number(end - begin), 0),
    partitions: partitions.map((each) => ({
      ...each,
      begin: each.begin.toString(),
      end: each.end.toString(),
    })),
    config: Object.fromEntries(config),
  }));
  return printableJson({ topics, advice });
}
