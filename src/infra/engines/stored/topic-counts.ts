import { z } from 'zod';
import { statusCounts } from '../../../stages/store/status-counts.ts';
import type { TopicCounts } from '../../../stages/store/store.ts';

/** How many questions of one topic and sub-topic have one status, as both databases answer it. */
export const topicRow = z.object({
  topic: z.string(),
  subTopic: z.string(),
  status: z.string(),
  n: z.number(),
});

/** The rows of each topic and sub-topic together. */
export function topicCounts(rows: readonly z.output<typeof topicRow>[]): readonly TopicCounts[] {
  const byTopic = Map.groupBy(rows, ({ topic, subTopic }) => JSON.stringify([topic, subTopic]));
  return [...byTopic.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { topic, subTopic } = first;
    return [{ topic, subTopic, counts: statusCounts(group.map(({ status, n }) => [status, n])) }];
  });
}
