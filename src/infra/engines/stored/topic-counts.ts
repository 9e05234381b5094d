import { z } from 'zod';
import { STATUSES, type Status } from '../../../stages/status.ts';
import type { StatusCounts, TopicCounts } from '../../../stages/store/store.ts';

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
    const byStatus = new Map(group.map(({ status, n }) => [status, n]));
    const entries = STATUSES.map((status): [Status, number] => [status, byStatus.get(status) ?? 0]);
    return [{ topic, subTopic, counts: Object.fromEntries(entries) as StatusCounts }];
  });
}
