import { clockNotice } from '../../../infra/engines/clock-skew.ts';
import { openKafka } from '../../../infra/engines/open-engine.ts';
import { pipelineTopics } from '../../../stages/pipeline.ts';
import { groupOf, topicOf, workedNames } from '../../../stages/stage-names.ts';
import { asFailure } from '../../../streams/failure.ts';
import type { Log } from '../../../streams/log/log.ts';
import type { LogAdmin, TopicDescription } from '../../../streams/log/log-admin.ts';
import { lagOf } from '../../flow/lag.ts';
import { adviceOn, summedUp } from '../topics/topic-advice.ts';
import { type Check, type CheckContext, type Finding, failed, ok, warning } from './check.ts';

const SKEW_MS = 60_000;

/** Kafka: there, its topics as they should be, its groups at work, its clock and ours alike. */
export const kafka: Check = {
  name: 'kafka',
  look: async (context) => {
    const { settings, namespace } = context;
    if (settings.kafka === undefined) return [];
    const { log, admin, close } = await openKafka({ settings }, settings.kafka);
    try {
      const { brokers } = await admin.server();
      const names = pipelineTopics(namespace, settings.partitions).map(({ topic }) => topic);
      const topics = await admin.describeTopics(names);
      const reached = `${brokers.length} ${brokers.length === 1 ? 'broker answers' : 'brokers answer'} at ${settings.kafka} (their version cannot be asked for)`;
      return [
        ok(reached),
        ...topicFindings(names, topics, context),
        ...(await partial(groupFindings(log, admin, topics, namespace))),
        ...(await partial(clockFindings(admin, topics))),
        ...skewFindings(await admin.clockSkewMs()),
      ];
    } finally {
      await close();
    }
  },
};

/** What cannot be asked now, such as of a coordinator that is still loading, hides nothing else. */
async function partial(findings: Promise<readonly Omit<Finding, 'check'>[]>) {
  return findings.catch((error: unknown) => [failed(asFailure(error).message, 'try again in a moment')]);
}

function topicFindings(
  names: readonly string[],
  topics: readonly TopicDescription[],
  { settings }: CheckContext,
) {
  const advice = adviceOn(names, topics, settings);
  const counts = new Set(topics.map(({ partitions }) => partitions.length));
  const unequal =
    counts.size > 1
      ? [
          warning(
            'the topics have unequal numbers of partitions',
            'millrace topics describe says how to add some',
          ),
        ]
      : [];
  if (advice.length === 0) return [ok(`${topics.length} topics are as the settings say`), ...unequal];
  const each = summedUp(advice).map(({ topic, weight, problem, mend }) =>
    (weight === 'broken' ? failed : warning)(`${topic}: ${problem}`, mend),
  );
  return [...each, ...unequal];
}

/** Topics that wait with nobody to work them, and groups that a replay left behind. */
async function groupFindings(
  log: Log,
  admin: LogAdmin,
  topics: readonly TopicDescription[],
  namespace: string,
) {
  const groups = new Map((await admin.groups()).map(({ group, members }) => [group, members]));
  const left = [...groups].filter(
    ([group, members]) => group.startsWith(`${namespace}.`) && group.includes('.replay.') && members === 0,
  );
  const waiting = workedNames().map(async (stage) => {
    const topic = topicOf(namespace, stage);
    if (!topics.some((each) => each.topic === topic)) return [];
    const group = groupOf(namespace, stage);
    const lag = await lagOf(log, topic, group);
    if (lag === 0 || (groups.get(group) ?? 0) > 0) return [];
    return [
      warning(
        `${lag} records wait in ${topic}, and nobody works them`,
        `millrace worker --stage ${stage === 'verdicts' ? 'storage' : stage}`,
      ),
    ];
  });
  return [
    ...(await Promise.all(waiting)).flat(),
    ...(left.length === 0
      ? []
      : [
          warning(
            `${left.length} groups of replays have no members`,
            'millrace gc takes out those that are old',
          ),
        ]),
  ];
}

/** An older Kafka, and one that gives us no right to describe it, does not tell the time. */
function skewFindings(skewMs = 0) {
  const notice = clockNotice('Kafka', skewMs);
  return notice === undefined ? [] : [warning(notice, 'set the clocks of all machines, with NTP')];
}

/** Records from the future come from a machine whose clock is ahead of ours. */
async function clockFindings(admin: LogAdmin, topics: readonly TopicDescription[]) {
  const soon = Date.now() + SKEW_MS;
  for (const { topic, partitions } of topics) {
    const future = await admin.offsetsAt(topic, soon);
    if (partitions.some(({ partition, end }) => (future.get(partition) ?? end) < end))
      return [warning(`${topic} has records from the future`, 'set the clocks of all machines, with NTP')];
  }
  return [ok('no record is from the future: the clocks agree within a minute')];
}
