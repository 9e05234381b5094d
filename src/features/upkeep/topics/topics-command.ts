import { Command } from 'commander';
import { addDataFlags, settingsOf } from '../../../infra/config/flags/flags.ts';
import { settingFlag } from '../../../infra/config/flags/setting-flags.ts';
import { isSimulated } from '../../../infra/config/model/is-simulated.ts';
import type { Settings } from '../../../infra/config/settings.ts';
import type { Engine } from '../../../infra/engines/engine.ts';
import { openEngine } from '../../../infra/engines/open-engine.ts';
import { alignedColumns, count, plural } from '../../../infra/terminal/format.ts';
import { print } from '../../../infra/terminal/print.ts';
import { pipelineTopics } from '../../../stages/pipeline.ts';
import { topicOf } from '../../../stages/stage-names.ts';
import { retryWithin } from '../../../streams/work/retry-within.ts';
import { readLags } from '../../flow/lag.ts';
import { namespaceOf } from '../../run/session/session.ts';
import { describeTopics } from './describe-topics.ts';

/** A Kafka that has just started finds the coordinator of a group only after a while. */
const PATIENCE_MS = 20_000;

/** `millrace topics`: make them, or see how far their consumers are. */
export function topicsCommand(): Command {
  const create = addDataFlags(
    new Command('create').description('make the topics that are missing'),
  ).addOption(settingFlag('partitions'));
  const lag = addDataFlags(new Command('lag').description('records, and those not yet worked, per stage'));
  const describe = addDataFlags(
    new Command('describe').description(
      'partitions, leaders, replicas, offsets and settings of every topic, and how to fix what differs',
    ),
  )
    .option('--json', 'as JSON, partition by partition')
    .action((flags: { json?: boolean }) =>
      withEngine(describe, (engine, namespace, settings) =>
        describeTopics(engine, namespace, settings, flags.json === true),
      ),
    );
  create.action(() => withEngine(create, createTopics));
  lag.action(() => withEngine(lag, showLag));
  return new Command('topics')
    .description('The topics of a namespace.')
    .addHelpText(
      'after',
      '\nExamples:\n  $ millrace topics create --kafka localhost:9092 --partitions 24\n  $ millrace topics describe --json\n  $ millrace topics lag',
    )
    .addCommand(create.exitOverride())
    .addCommand(describe.exitOverride())
    .addCommand(lag.exitOverride());
}

async function withEngine(
  command: Command,
  act: (engine: Engine, namespace: string, settings: Settings) => Promise<string>,
): Promise<void> {
  const settings = await settingsOf(command);
  const namespace = namespaceOf(settings, isSimulated(settings));
  await using engine = await openEngine({ settings, namespace, mode: 'append' });
  print(await retryWithin(() => act(engine, namespace, settings), PATIENCE_MS));
}

async function createTopics({ log, partitions }: Engine, namespace: string): Promise<string> {
  const topics = pipelineTopics(namespace, partitions);
  await log.ensureTopics(topics);
  return `${plural(topics.length, 'topic')} of ${namespace} are there.`;
}

async function showLag({ log }: Engine, namespace: string): Promise<string> {
  const rows = [...(await readLags(log, namespace))].map(async ([reader, lag]) => {
    const topic = topicOf(namespace, reader);
    const ends = await log.endOffsets(topic).catch(() => new Map<number, bigint>());
    const records = [...ends.values()].reduce((sum, end) => sum + end, 0n);
    return [topic, count(ends.size), count(Number(records)), count(lag)];
  });
  return alignedColumns([['topic', 'partitions', 'records', 'lag'], ...(await Promise.all(rows))]);
}
