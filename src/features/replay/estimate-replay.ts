import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Engine } from '../../infra/engines/engine.ts';
import { callCostOf, type PriceTable } from '../../infra/models/prices.ts';
import { laneNameSchema, MAIN_LANE } from '../../stages/lanes/lane.ts';
import { decodeMessage } from '../../stages/message.ts';
import { type Question, questionIdOf, questionSchema } from '../../stages/question.ts';
import { agentNamed, topicOf } from '../../stages/stage-names.ts';
import type { KnownReplay, ReplayPlan } from '../../stages/store/replay-plan.ts';
import type { Store } from '../../stages/store/store.ts';
import { worksOf } from '../../stages/store/works-of.ts';
import type { LogRecord } from '../../streams/log/log.ts';
import { readRange } from '../../streams/log/read-range.ts';
import type { WorkKey } from '../../streams/work/work.ts';
import { type Pinned, recordsIn } from './pin-offsets.ts';
import { revisionsToReplay } from './revisions.ts';
import { selectionOf } from './selection.ts';
import { isPublished, type PaidWork, paidWorks } from './stored-works.ts';

/** What a replay would do, counted by reading its source. */
export type ReplayEstimate = Readonly<{
  /** Records from where it stands to its pinned end. */
  messages: number;
  /** Those that are meant. */
  matching: number;
  /** Results that would be published again, or questions that would be worked again. */
  works: number;
  /** Calls that the same works took before, failed ones included. */
  calls: number;
  /** What they cost before; by the price table where another model is asked for. */
  costUsd: number;
  /** Works whose price is not known. */
  unpricedWorks: number;
  /** Works of which nothing is stored: nothing is known of their calls. */
  unknownWorks: number;
}>;

type Counts = { -readonly [name in keyof ReplayEstimate]: ReplayEstimate[name] };

const anyMessage = z.looseObject({
  lane: laneNameSchema.default(MAIN_LANE),
  revision: z.number().int().default(0),
  question: questionSchema,
});

/**
 * Reads the source as the replay would and leaves nothing behind. Of a replay that was started before it counts what is
 * left of the source.
 */
export async function estimateReplay(
  { log, store }: Engine,
  namespace: string,
  { plan, readAt }: KnownReplay,
  prices: PriceTable,
): Promise<ReplayEstimate> {
  const { wish: request } = plan;
  const topic = topicOf(namespace, request.stage);
  const committed = await log.committedOffsets(plan.group, topic);
  const begin = readAt === undefined ? new Map([...plan.begin, ...committed]) : plan.end;
  const range = () => ({ topic, group: `${plan.group}.count-${randomUUID()}`, from: begin, until: plan.end });
  const estimate = new Estimate(store, plan, { begin, end: plan.end }, prices);
  const isReprocess = request.mode === 'reprocess';
  // The whole range decides which revision counts, wherever the replay stands in it.
  const revisionOf = isReprocess
    ? await revisionsToReplay(log, request.stage, request.source, { ...range(), from: plan.begin })
    : undefined;
  const isMeant = ({ questionId, revision }: WorkKey) =>
    revisionOf === undefined || revision === revisionOf(questionId);
  await readRange(log, range(), (record) => estimate.add(record, isMeant));
  return estimate.counts;
}

class Estimate {
  readonly #store: Store;
  readonly #request: ReplayPlan['wish'];
  readonly #prices: PriceTable;
  readonly #includes: (work: WorkKey, question: Question) => Promise<boolean>;
  readonly #seen = new Set<number>();
  readonly counts: Counts;

  constructor(store: Store, { wish: request }: ReplayPlan, pinned: Pinned, prices: PriceTable) {
    this.#store = store;
    this.#request = request;
    this.#prices = prices;
    this.#includes = selectionOf(store.reports, request);
    const nothing = { matching: 0, works: 0, calls: 0, costUsd: 0, unpricedWorks: 0, unknownWorks: 0 };
    this.counts = { messages: recordsIn(pinned), ...nothing };
  }

  async add(record: LogRecord, isMeant: (work: WorkKey) => boolean): Promise<void> {
    const request = this.#request;
    const message = messageIn(record);
    if (message === undefined || message.lane !== request.source) return;
    const { lane, question, revision } = message;
    const work = { lane, questionId: questionIdOf(question), stage: request.stage, revision, drive: 0 };
    if (!isMeant(work) || !(await this.#includes(work, question))) return;
    this.counts.matching += 1;
    if (request.mode === 'republish') await this.#addStored(work);
    else if (this.#isNew(work)) await this.#addPaid(work);
  }

  async #addStored(work: WorkKey): Promise<void> {
    const { stage } = this.#request;
    const finished = await worksOf(this.#store, stage)?.find(work);
    if (finished === undefined) this.counts.unknownWorks += 1;
    else if (isPublished(stage, finished)) this.counts.works += 1;
  }

  async #addPaid(work: WorkKey): Promise<void> {
    this.counts.works += 1;
    const stage = agentNamed(work.stage);
    let known = false;
    if (stage !== undefined)
      for await (const paid of paidWorks(this.#store, work, stage)) {
        known = true;
        this.#pay(paid);
      }
    if (!known) this.counts.unknownWorks += 1;
  }

  #pay({ stage, finished }: PaidWork): void {
    this.counts.calls += finished.attempts.length;
    const model = this.#request.changes[`model of ${stage}`];
    const costUsd = model === undefined ? finished.costUsd : callCostOf(this.#prices, model, finished.usage);
    if (costUsd === null) this.counts.unpricedWorks += 1;
    else this.counts.costUsd += costUsd;
  }

  /** A record may have come twice, and is worked once. 52 bits of the id are enough, and small. */
  #isNew({ questionId }: WorkKey): boolean {
    const id = Number.parseInt(questionId.slice(0, 13), 16);
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    return true;
  }
}

function messageIn(record: LogRecord): z.output<typeof anyMessage> | undefined {
  try {
    return decodeMessage(anyMessage, record);
  } catch {
    return undefined;
  }
}
