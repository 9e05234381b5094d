import { z } from 'zod';
import type { Waiting } from '../../streams/delivery/status-repository.ts';
import type { LaneName, QuestionId, Token, WorkKey } from '../../streams/work/work.ts';
import { shadowReviewSchema } from '../judges/shadow-review.ts';
import { storageMessage } from '../message.ts';
import type { Decision } from './decision.ts';

/** Why a question waits for a person: its score, chance, texts that are not what they seem, or a shadow judge that sees it otherwise. */
export const HOLD_REASONS = ['score', 'audit', 'suspicious', 'disagreement'] as const;
export type HoldReason = (typeof HOLD_REASONS)[number];

/** What a person has to see: the message that would have gone to storage, and a shadow's review where there is one. */
export const shownSchema = z.object({ message: storageMessage, shadow: shadowReviewSchema.optional() });
export type Shown = Readonly<z.output<typeof shownSchema>>;

/** A question as it waits, or waited, for a person. */
export type ReviewQueueEntry = Shown &
  Readonly<{
    lane: LaneName;
    questionId: QuestionId;
    revision: number;
    why: HoldReason;
    heldAt: string;
    state: 'waiting' | 'decided';
    /** Who has it in hand now. */
    claimedBy: string | undefined;
  }>;

/** A reviewer's hold on a question, for so long by the store's clock. */
export type ReviewClaim = Readonly<{ reviewer: string; token: Token; forMs: number }>;

/** `taken`: another has it. `gone`: it does not wait any more, or never did. */
export type ReviewClaimAnswer =
  | Readonly<{ kind: 'claimed'; entry: ReviewQueueEntry }>
  | Readonly<{ kind: 'taken'; by: string }>
  | Readonly<{ kind: 'gone' }>;

export type ReviewQueueQuery = Readonly<{
  lane: LaneName;
  why?: HoldReason | undefined;
  from?: string | undefined;
  limit: number;
}>;
export type ReviewQueuePage = Readonly<{ entries: readonly ReviewQueueEntry[]; next: string | undefined }>;

/** A decision as it stands. `undone` by a later one. */
export type StoredDecision = Decision &
  Readonly<{ lane: LaneName; questionId: QuestionId; revision: number; undone: boolean }>;
export type DecisionQuery = Readonly<{
  lane: LaneName;
  reviewer?: string | undefined;
  from?: string | undefined;
  limit: number;
}>;
export type DecisionPage = Readonly<{ decisions: readonly StoredDecision[]; next: string | undefined }>;

/** How many decisions of a day (UTC) fell how, beside the judge's verdict. Undone ones do not count. */
export type DecidedCount = Readonly<{
  day: string;
  judge: Decision['judge'];
  verdict: 'approve' | 'reject' | 'edit';
  count: number;
}>;

/**
 * What waits for a person, who has what in hand, and what was decided. A question is in the hands of one reviewer at a
 * time. Writes are safe to repeat and resolve once durable; rejections are Failures of kind `outage` or `fatal`, and of
 * kind `poison` (`bad_place`) for a place that no page gave.
 */
export interface ReviewQueueRepository {
  /** Puts a question into the queue. A revision that is not higher than what was there changes nothing. */
  put(work: WorkKey, waiting: Waiting): Promise<void>;
  /** What waits, the oldest first. */
  queue(query: ReviewQueueQuery): Promise<ReviewQueuePage>;
  waiting(lane: LaneName): Promise<number>;
  find(lane: LaneName, questionId: QuestionId): Promise<ReviewQueueEntry | undefined>;
  /** Claims what the reviewer has in hand already, or else what waits longest and is free. */
  claimNext(lane: LaneName, claim: ReviewClaim, why?: HoldReason): Promise<ReviewQueueEntry | undefined>;
  claim(lane: LaneName, questionId: QuestionId, claim: ReviewClaim): Promise<ReviewClaimAnswer>;
  /** Whether the claim with this token still stands. */
  holds(lane: LaneName, questionId: QuestionId, token: Token): Promise<boolean>;
  release(lane: LaneName, questionId: QuestionId, token: Token): Promise<void>;
  /** Keeps the decision on a revision and ends the wait. The first one counts: resolves with the one that stands. */
  keep(work: WorkKey, decision: Decision): Promise<Decision>;
  /** All about one question, the oldest first. */
  decisionsOn(lane: LaneName, questionId: QuestionId): Promise<readonly StoredDecision[]>;
  /** The newest first. */
  decisions(query: DecisionQuery): Promise<DecisionPage>;
  decided(lane: LaneName, sinceDay: string): Promise<readonly DecidedCount[]>;
}

/** Why a question waits, with what is shown of it. */
export function waitingOf(why: HoldReason, shown: Shown): Waiting {
  return { why, shown: JSON.stringify(shown) };
}
