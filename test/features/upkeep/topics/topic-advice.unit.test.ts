import { describe, expect, it } from 'vitest';
import { adviceOn, summedUp } from '../../../../src/features/upkeep/topics/topic-advice.ts';
import type { PartitionDescription, TopicDescription } from '../../../../src/streams/log/log-admin.ts';

const wanted = { kafka: 'k:9092', partitions: 2, replicationFactor: 2 };
const partition = (overrides: Partial<PartitionDescription> = {}): PartitionDescription => {
  const bounds = { partition: 0, begin: 0n, end: 5n };
  return { ...bounds, leader: 1, replicas: [1, 2], inSync: [1, 2], ...overrides };
};
const config = { 'retention.ms': '-1', 'max.message.bytes': '8388608', 'cleanup.policy': 'delete' };

function described(
  partitions: readonly PartitionDescription[] = [partition(), partition({ partition: 1 })],
  overrides: Readonly<Record<string, string>> = {},
): TopicDescription {
  return { topic: 't', partitions, config: new Map(Object.entries({ ...config, ...overrides })) };
}

const problems = (found: readonly TopicDescription[], settings = wanted) =>
  adviceOn(['t'], found, settings).map(({ weight, problem }) => `${weight}: ${problem}`);

describe('what is said of a topic', () => {
  it('is nothing, where it is as the settings say', () => {
    expect(problems([described()])).toEqual([]);
  });

  it('is said once for all topics of which it is true', () => {
    const advice = summedUp([
      ...adviceOn(['a', 'b', 'c'], [], wanted),
      ...adviceOn(['t'], [described([partition()])], wanted),
    ]);
    expect(advice.map(({ topic, weight }) => `${topic}: ${weight}`)).toEqual([
      'a and 2 more: broken',
      't: differs',
    ]);
  });

  it('is that it is missing, on either engine', () => {
    expect(problems([])).toEqual(['broken: not there']);
    expect(adviceOn(['t'], [], { ...wanted, kafka: undefined })).toHaveLength(1);
  });

  it.each([
    [{ 'retention.ms': '604800000' }, 'broken: records are deleted after 604800000 ms, worked or not'],
    [{ 'cleanup.policy': 'compact' }, /^broken: it is compacted/],
    [{ 'max.message.bytes': '1048588' }, /^differs: records above 1048588 bytes are refused/],
    [{ 'min.insync.replicas': '3' }, /^broken: fewer than min.insync.replicas \(3\)/],
  ])('is what is wrong with the setting %j', (overrides, problem) => {
    expect(problems([described(undefined, overrides)])).toEqual([expect.stringMatching(problem)]);
  });

  it('is what is wrong with its partitions and copies', () => {
    expect(problems([described([partition({ leader: null }), partition()])])).toEqual([
      'broken: 1 partitions have no leader',
    ]);
    expect(problems([described([partition({ inSync: [1] }), partition()])])).toEqual([
      'differs: 1 partitions have replicas that lag behind',
    ]);
    expect(problems([described([partition()])])).toEqual(['differs: 1 partitions, and the settings say 2']);
    const single = partition({ replicas: [1], inSync: [1] });
    expect(problems([described([single, single])])).toEqual(['differs: 1 copies, and the settings say 2']);
  });

  it('names a command that mends it', () => {
    const [advice] = adviceOn(['t'], [described(undefined, { 'retention.ms': '1' })], wanted);
    expect(advice?.mend).toBe(
      'kafka-configs.sh --bootstrap-server k:9092 --alter --entity-type topics --entity-name t --add-config retention.ms=-1',
    );
    const [more] = adviceOn(['t'], [described([partition()])], wanted);
    expect(more?.mend).toContain('--partitions 2');
    const [fewer] = adviceOn(['t'], [described([partition(), partition(), partition()])], wanted);
    expect(fewer?.mend).toContain('set partitions to 3');
  });
});
