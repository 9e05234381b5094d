import { z } from 'zod';
import type { Waiting } from '../../../streams/delivery/status-repository.ts';
import type { LaneName, QuestionId, Token, WorkKey } from '../../../streams/work/work.ts';
import type { Decision } from '../decision.ts';
import { questionKey } from '../question-key.ts';
import {
  type DecidedCount,
  type DecisionPage,
  type DecisionQuery,
  HOLD_REASONS,
  type HoldReason,
  type ReviewClaim,
  type ReviewClaimAnswer,
  type ReviewQueueEntry,
  type ReviewQueuePage,
  type ReviewQueueQuery,
  type ReviewQueueRepository,
  type StoredDecision,
  shownSchema,
} from '../review-queue-repository.ts';
import { msOfPlace, nextPlace } from '../table/place.ts';
import { branded, jsonText, readStored } from '../table/read-stored.ts';
import { type Change, put, type Tables, tableOf, update, type Where } from '../table/table.ts';
import { Decisions } from './decisions.ts';

/** What waits, or waited, for a person, by `lane/questionId`; stored as `desk`. A claim that ran out, by the store's clock, is nobody's. */
const REVIEW_QUEUE = tableOf(
  'desk',
  {
    ...{ id: 'text', lane: 'text', questionId: 'text', revision: 'number', why: 'text', shown: 'text' },
    ...{ heldAt: 'time', state: 'word', reviewer: 'text', token: 'text', until: 'time' },
  },
  { claimedBy: 'text' },
);
type ReviewQueueWhere = Where<(typeof REVIEW_QUEUE)['fields']>;

const entryRow = z
  .object({
    lane: branded<LaneName>(),
    questionId: branded<QuestionId>(),
    revision: z.number(),
    why: z.enum(HOLD_REASONS),
    shown: jsonText(shownSchema),
    heldAt: z.string(),
    state: z.enum(['waiting', 'decided']),
    claimedBy: z.string().nullable(),
  })
  .transform(
    ({ shown, claimedBy, ...row }): ReviewQueueEntry => ({
      ...row,
      ...shown,
      claimedBy: claimedBy ?? undefined,
    }),
  );

const OLDEST_FIRST = ['heldAt', 'id'] as const;
const NEVER = new Date(0).toISOString();
const NOW = { now: 0 };

/** The queue of a store: every claim is a compare-and-set, so a question is in one reviewer's hands. */
export class ReviewQueue implements ReviewQueueRepository {
  readonly #tables: Tables;
  readonly #decisions: Decisions;

  constructor(tables: Tables) {
    this.#tables = tables;
    this.#decisions = new Decisions(tables);
  }

  async put(work: WorkKey, waiting: Waiting): Promise<void> {
    await this.#tables.write([queueing(work, waiting)], [work.questionId]);
  }

  async queue({ lane, why, from, limit }: ReviewQueueQuery): Promise<ReviewQueuePage> {
    const place = from === undefined ? undefined : msOfPlace(from);
    const after = place && [new Date(place.ms).toISOString(), place.id];
    const where = { lane, state: 'waiting', why };
    const rows = await this.#tables.page(REVIEW_QUEUE, { where, order: OLDEST_FIRST, after, limit });
    const entries = rows.map((row) => readStored(entryRow, row));
    const placeOf = (last: ReviewQueueEntry) => ({
      at: String(Date.parse(last.heldAt)),
      id: questionKey(last),
    });
    return { entries, next: nextPlace(entries, limit, placeOf) };
  }

  waiting(lane: LaneName): Promise<number> {
    return this.#tables.count(REVIEW_QUEUE, { lane, state: 'waiting' });
  }

  find(lane: LaneName, questionId: QuestionId): Promise<ReviewQueueEntry | undefined> {
    return this.#get(questionKey({ lane, questionId }));
  }

  async claimNext(
    lane: LaneName,
    claim: ReviewClaim,
    why?: HoldReason,
  ): Promise<ReviewQueueEntry | undefined> {
    const wanted = { lane, state: 'waiting', why };
    for (;;) {
      const mine = await this.#first({ ...wanted, reviewer: claim.reviewer, until: { gt: NOW } });
      const next = mine ?? (await this.#first({ ...wanted, until: { lte: NOW } }));
      if (next === undefined) return undefined;
      const entry = await this.#take(next, claim);
      if (entry !== undefined) return entry;
    }
  }

  async claim(lane: LaneName, questionId: QuestionId, claim: ReviewClaim): Promise<ReviewClaimAnswer> {
    const id = questionKey({ lane, questionId });
    const entry = await this.#take(id, claim);
    if (entry !== undefined) return { kind: 'claimed', entry };
    const existing = await this.#get(id);
    return existing?.state === 'waiting' && existing.claimedBy !== undefined
      ? { kind: 'taken', by: existing.claimedBy }
      : { kind: 'gone' };
  }

  async holds(lane: LaneName, questionId: QuestionId, token: Token): Promise<boolean> {
    const id = questionKey({ lane, questionId });
    return (await this.#tables.count(REVIEW_QUEUE, { id, token, until: { gt: NOW } })) > 0;
  }

  async release(lane: LaneName, questionId: QuestionId, token: Token): Promise<void> {
    const id = questionKey({ lane, questionId });
    await this.#tables.write([update(REVIEW_QUEUE, { id, token }, { until: NEVER })]);
  }

  keep(work: WorkKey, decision: Decision): Promise<Decision> {
    const decided = { id: questionKey(work), revision: { lte: work.revision } };
    return this.#decisions.keep(work, decision, [
      update(REVIEW_QUEUE, decided, { state: 'decided', until: NEVER }),
    ]);
  }

  decisionsOn(lane: LaneName, questionId: QuestionId): Promise<readonly StoredDecision[]> {
    return this.#decisions.on(lane, questionId);
  }

  decisions(query: DecisionQuery): Promise<DecisionPage> {
    return this.#decisions.page(query);
  }

  decided(lane: LaneName, sinceDay: string): Promise<readonly DecidedCount[]> {
    return this.#decisions.counts(lane, sinceDay);
  }

  async #first(where: ReviewQueueWhere): Promise<string | undefined> {
    const [row] = await this.#tables.page(REVIEW_QUEUE, { where, order: OLDEST_FIRST, limit: 1 });
    return row === undefined ? undefined : String(row['id']);
  }

  async #get(id: string): Promise<ReviewQueueEntry | undefined> {
    const row = await this.#tables.get(REVIEW_QUEUE, id);
    return row === undefined ? undefined : readStored(entryRow, row);
  }

  /** What is free, or in these hands already: after a lost answer the same is taken again, and no other. */
  async #take(id: string, { reviewer, token, forMs }: ReviewClaim): Promise<ReviewQueueEntry | undefined> {
    const free: ReviewQueueWhere = { id, state: 'waiting', any: [[{ until: { lte: NOW } }, { reviewer }]] };
    const taken = { reviewer, token, until: { now: forMs } };
    if ((await this.#tables.write([update(REVIEW_QUEUE, free, taken)])) === 0) return undefined;
    return this.#get(id);
  }
}

/** Puts a question into the queue. A revision that is not higher than what was there changes nothing. */
export function queueing(work: WorkKey, { why, shown }: Waiting): Change {
  const { lane, questionId, revision } = work;
  const free = { state: 'waiting', reviewer: null, token: null, until: NEVER };
  const held = { revision, why, shown, heldAt: new Date().toISOString(), ...free };
  return put(
    REVIEW_QUEUE,
    { id: questionKey(work), lane, questionId, ...held },
    { revision: { lt: revision } },
  );
}
