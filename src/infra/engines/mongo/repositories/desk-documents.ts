import { z } from 'zod';
import { decisionSchema } from '../../../../stages/store/decision.ts';
import {
  type DeskEntry,
  HOLD_REASONS,
  type StoredDecision,
  shownSchema,
} from '../../../../stages/store/desk.ts';
import { branded, jsonText, readStored } from '../../../../stages/store/table/read-stored.ts';
import type { LaneName, QuestionId } from '../../../../streams/work/work.ts';

/** `desk`: what waits, or waited, for a person, by `lane/questionId`. `until` is the server's time. */
export type DeskDocument = {
  _id: string;
  lane: string;
  questionId: string;
  revision: number;
  why: string;
  shown: string;
  heldAt: Date;
  state: 'waiting' | 'decided';
  reviewer: string | null;
  token: string | null;
  until: Date;
};

/** `decisions`, by `lane/questionId/revision`. */
export type DecisionDocument = {
  _id: string;
  lane: string;
  questionId: string;
  revision: number;
  reviewer: string;
  verdict: string;
  judge: string;
  at: string;
  decision: string;
  undone: boolean;
};

const entrySchema = z.object({
  lane: branded<LaneName>(),
  questionId: branded<QuestionId>(),
  revision: z.number(),
  why: z.enum(HOLD_REASONS),
  shown: jsonText(shownSchema),
  heldAt: z.date(),
  state: z.enum(['waiting', 'decided']),
  claimedBy: z.string().nullable(),
});

/** Throws a Failure if it is none of ours. */
export function entryOf(stored: unknown): DeskEntry {
  const { shown, heldAt, claimedBy, ...rest } = readStored(entrySchema, stored);
  return { ...rest, ...shown, heldAt: heldAt.toISOString(), claimedBy: claimedBy ?? undefined };
}

const decisionDocument = z.object({
  lane: branded<LaneName>(),
  questionId: branded<QuestionId>(),
  revision: z.number(),
  decision: jsonText(decisionSchema),
  undone: z.boolean(),
});

export function storedDecisionOf(stored: unknown): StoredDecision {
  const { decision, ...rest } = readStored(decisionDocument, stored);
  return { ...rest, ...decision };
}
