import { z } from 'zod';
import { parsed, type Route } from '../../../infra/http/route.ts';
import type { Example } from '../../../stages/example.ts';
import { formatSlot } from '../../../stages/formats/index.ts';
import { laneNameSchema, MAIN_LANE } from '../../../stages/lanes/lane.ts';
import type { Reports } from '../../../stages/store/store.ts';
import type { LaneName } from '../../../streams/work/work.ts';
import { NearDuplicates } from './near-duplicates.ts';
import { type DatasetStatisticsReply, datasetStatisticsSchema } from './schemas.ts';

/** So many examples are looked at: enough for a picture, and soon done. */
const MAX_EXAMINED = 5_000;
const MAX_TOPICS = 20;
const LENGTHS = [250, 500, 1_000, 2_000, 4_000, 8_000];

const querySchema = z.object({ lane: laneNameSchema.default(MAIN_LANE) });

export type StatisticsOptions = Readonly<{ reports: Reports; simulated: boolean }>;

/** GET /v1/dataset/statistics: what the approved examples of a lane look like together. */
export function datasetStatisticsRoute({ reports, simulated }: StatisticsOptions): Route {
  return {
    method: 'GET',
    path: '/v1/dataset/statistics',
    summary:
      'Distributions of topics, lengths and scores of the approved examples, and near-duplicates among them.',
    query: querySchema,
    replies: { 200: { description: 'The distributions.', schema: datasetStatisticsSchema } },
    answer: (request) => statisticsOf(reports, parsed(querySchema, request.query, 'query').lane, simulated),
  };
}

async function statisticsOf(
  reports: Reports,
  lane: LaneName,
  simulated: boolean,
): Promise<DatasetStatisticsReply> {
  const { approved, rejected } = await reports.counts(lane);
  const [topics, types, scores, lengths] = [new Counts(), new Counts(), new Counts(), new Counts()];
  const duplicates = new NearDuplicates();
  let examined = 0;
  for await (const { example } of reports.dataset({ lane, verdict: 'approved' })) {
    examined += 1;
    topics.add(example.question.topic);
    types.add(example.question.trainingType);
    scores.add(String(Math.floor(example.review.score)));
    lengths.add(lengthClassOf(example));
    duplicates.add(example.questionId, example.question.text);
    if (examined === MAX_EXAMINED) break;
  }
  return {
    ...{ lane, simulated, approved, rejected, examined },
    topics: topics.largest(MAX_TOPICS),
    trainingTypes: types.largest(MAX_TOPICS),
    scores: Array.from({ length: 10 }, (_, index) => scores.bar(String(index + 1))),
    lengths: [...LENGTHS.map((most) => `up to ${most}`), 'more'].map((label) => lengths.bar(label)),
    nearDuplicates: duplicates.pairs(),
    formats: [...formatSlot.parts.values()].map(({ name, description }) => ({ name, description })),
  };
}

function lengthClassOf({ candidate }: Example): string {
  const length = JSON.stringify(candidate)?.length ?? 0;
  const most = LENGTHS.find((each) => length <= each);
  return most === undefined ? 'more' : `up to ${most}`;
}

class Counts {
  readonly #counts = new Map<string, number>();

  add(label: string): void {
    this.#counts.set(label, (this.#counts.get(label) ?? 0) + 1);
  }

  bar(label: string) {
    return { label, count: this.#counts.get(label) ?? 0 };
  }

  largest(most: number) {
    const bars = [...this.#counts].map(([label, count]) => ({ label, count }));
    return bars.toSorted((a, b) => b.count - a.count).slice(0, most);
  }
}
