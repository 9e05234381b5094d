import { z } from 'zod';
import { statusCounts } from '../../status-counts.ts';
import type { TopicCounts } from '../../store.ts';
import { readStored } from '../../table/read-stored.ts';

const topicRow = z.object({ topic: z.string(), subTopic: z.string(), status: z.string(), count: z.number() });

/** The rows of each topic and sub-topic together: a row says how many questions of them have one status. */
export function topicCounts(rows: readonly unknown[]): readonly TopicCounts[] {
  const read = rows.map((row) => readStored(topicRow, row));
  const byTopic = Map.groupBy(read, ({ topic, subTopic }) => JSON.stringify([topic, subTopic]));
  return [...byTopic.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { topic, subTopic } = first;
    return [{ topic, subTopic, counts: statusCounts(group.map(({ status, count }) => [status, count])) }];
  });
}
