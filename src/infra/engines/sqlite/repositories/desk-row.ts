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

const entryRow = z.object({
  lane: branded<LaneName>(),
  question_id: branded<QuestionId>(),
  revision: z.number(),
  why: z.enum(HOLD_REASONS),
  shown: jsonText(shownSchema),
  held_ms: z.number(),
  state: z.enum(['waiting', 'decided']),
  claimed_by: z.string().nullable(),
});

/** A row of the queue, checked. Throws a Failure of kind `fatal` if it is none of ours. */
export function readEntry(stored: unknown): DeskEntry {
  const { question_id, held_ms, claimed_by, shown, ...row } = readStored(entryRow, stored);
  return {
    ...row,
    ...shown,
    questionId: question_id,
    heldAt: new Date(held_ms).toISOString(),
    claimedBy: claimed_by ?? undefined,
  };
}

const decisionRow = z.object({
  lane: branded<LaneName>(),
  question_id: branded<QuestionId>(),
  revision: z.number(),
  decision: jsonText(decisionSchema),
  undone: z.number(),
});

export function readDecision(stored: unknown): StoredDecision {
  const { lane, question_id: questionId, revision, decision, undone } = readStored(decisionRow, stored);
  return { lane, questionId, revision, ...decision, undone: undone === 1 };
}
