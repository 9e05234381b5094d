import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { patchStaleBatches } from '../../../../../src/infra/engines/kafka/patches/stale-batch-patch.ts';

const load = createRequire(import.meta.url);

/** A group of kafkajs with one partition, whose broker answers a fetch with one record. */
function groupWith(onFetch: (group: Record<string, unknown>) => void) {
  patchStaleBatches();
  const ConsumerGroup = load('kafkajs/src/consumer/consumerGroup');
  const group = Object.create(ConsumerGroup.prototype);
  const partitions = [
    { partition: 0, messages: [{ offset: '7' }], highWatermark: '8', abortedTransactions: [] },
  ];
  const fetch = async () => {
    onFetch(group);
    return { responses: [{ topicName: 'topic', partitions }] };
  };
  return Object.assign(group, {
    subscriptionState: {
      assigned: () => [{ topic: 'topic', partitions: [0] }],
      active: () => [{ topic: 'topic', partitions: [0] }],
      isPaused: () => false,
    },
    seekOffset: { pop: () => undefined, has: () => false },
    preferredReadReplicasPerTopicPartition: {},
    offsetManager: {
      resolveOffsets: async () => undefined,
      committedOffsets: () => ({ topic: { 0: '7' } }),
      nextOffset: () => 7n,
    },
    cluster: {
      refreshMetadataIfNecessary: async () => undefined,
      findTopicPartitionMetadata: () => [{ partitionId: 0, leader: 1 }],
      findBroker: async () => ({ fetch }),
    },
  });
}

describe('what a fetch brings', () => {
  it('is handed over in the assignment it was asked for', async () => {
    const batches = await groupWith(() => undefined).fetch(1);
    expect(batches).toHaveLength(1);
    expect(batches[0].firstOffset()).toBe('7');
  });

  it('is dropped when the member joined anew meanwhile', async () => {
    const group = groupWith((joining) => {
      joining['offsetManager'] = {};
    });
    expect(await group.fetch(1)).toEqual([]);
  });
});
