import type { PersonVerdict } from '../../../stages/store/decision.ts';
import type { DeskBook } from '../../../stages/store/desk.ts';
import type { LaneName, QuestionId, Token } from '../../../streams/work/work.ts';

/** A decision as it is sent in. */
export type Deciding = Readonly<{
  reviewer: string;
  token: Token;
  revision: number;
  verdict: Exclude<PersonVerdict, 'undo'>;
  reason: string;
  candidate?: unknown;
}>;

/**
 * Where people decide. Both ways resolve with the revision that the question has by the decision, once the log has
 * acknowledged it and the desk knows it. They throw HttpProblems: 404 for what never waited, 409 for what was decided
 * meanwhile or is in other hands, 422 for a candidate that does not fit its training type.
 */
export type ReviewDesk = Readonly<{
  book: DeskBook;
  decide(lane: LaneName, questionId: QuestionId, deciding: Deciding): Promise<number>;
  undo(lane: LaneName, questionId: QuestionId, by: string, revision: number): Promise<number>;
}>;
