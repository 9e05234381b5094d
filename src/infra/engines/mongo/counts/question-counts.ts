import type { Document } from 'mongodb';
import { type Status, statuses } from '../../../../stages/status.ts';
import { statusCounts } from '../../../../stages/store/status-counts.ts';
import type { StatusCounts } from '../../../../stages/store/store.ts';
import type { LaneName } from '../../../../streams/work/work.ts';
import type { Collections } from '../collections.ts';
import type { QuestionDocument } from '../documents.ts';
import { addSums, countersUnder, type SumsByName } from './counters.ts';
import type { CountedDocument } from './counting.ts';
import { statusesIn } from './lane-statuses.ts';

/** Ends in what the counters know each question as, so that those they know right are passed over. */
export const LANE_UNCOUNTED = 'lane_uncounted';

type Row = Readonly<{ _id: { status: string; counted: string | null }; n: number }>;

/** What the `counted` of a question is where the counters of the epoch hold it as standing so. */
export function countedAs(epoch: string, status: string): string {
  return `${epoch}/${status}`;
}

/**
 * Where the questions of a lane stand, in a time that grows with those alone that no counter knows right. Rejects with the driver's
 * errors.
 */
export async function countLane(collections: Collections, lane: LaneName): Promise<StatusCounts> {
  const { counting, questions } = collections;
  const known = await statusesIn(collections, lane);
  return counting.read(
    async (at) => {
      const sums = await countersUnder(collections, `questions/${lane}`, at);
      const options = { ...at.within, hint: LANE_UNCOUNTED };
      const rows = await questions.aggregate<Row>(uncountedOf(lane, at.epoch, known), options).toArray();
      for (const { _id, n } of rows) {
        addSums(sums, _id.status, { n });
        const before = statusCounted(_id.counted, at.epoch);
        if (before !== undefined) addSums(sums, before, { n: -n });
      }
      return statusCounts([...sums].map(([status, { n = 0 }]) => [status, n]));
    },
    () => countByStatus(collections, { lane, status: { $in: [...known] } }),
  );
}

/** The questions that stand elsewhere than the counters know, from the index `lane_uncounted` alone. */
export function uncountedOf(lane: LaneName, epoch: string, known = statuses()): Document[] {
  const elsewhere = known.map((status) => ({ status, counted: { $ne: countedAs(epoch, status) } }));
  return [
    { $match: { lane, $or: elsewhere } },
    { $group: { _id: { status: '$status', counted: { $ifNull: ['$counted', null] } }, n: { $sum: 1 } } },
  ];
}

type Countable = Pick<QuestionDocument, 'lane' | 'counted'>;

/** What changes in the counters when these questions, which all stand so, are counted as that. */
export function sumsOfQuestions(
  found: readonly Countable[],
  status: Status,
  { epoch }: CountedDocument,
): SumsByName {
  const sums: SumsByName = new Map();
  for (const { lane, counted } of found) {
    addSums(sums, `questions/${lane}/${status}`, { n: 1 });
    const before = statusCounted(counted, epoch);
    if (before !== undefined) addSums(sums, `questions/${lane}/${before}`, { n: -1 });
  }
  return sums;
}

/** What the counters hold of these questions. */
export function sumsOfCounted(found: readonly Countable[], { epoch }: CountedDocument): SumsByName {
  const sums: SumsByName = new Map();
  for (const { lane, counted } of found) {
    const status = statusCounted(counted, epoch);
    if (status !== undefined) addSums(sums, `questions/${lane}/${status}`, { n: 1 });
  }
  return sums;
}

/** Counts each question that the filter finds, by an index that has `status`: nothing else is read. Rejects with the driver's errors. */
export async function countByStatus(
  { questions }: Pick<Collections, 'questions'>,
  filter: Document,
): Promise<StatusCounts> {
  const pipeline = [{ $match: filter }, { $group: { _id: '$status', n: { $sum: 1 } } }];
  const groups = await questions.aggregate<{ _id: string; n: number }>(pipeline).toArray();
  return statusCounts(groups.map(({ _id, n }) => [_id, n]));
}

function statusCounted(counted: string | null | undefined, epoch: string): string | undefined {
  const beginning = countedAs(epoch, '');
  return counted?.startsWith(beginning) === true ? counted.slice(beginning.length) : undefined;
}
