import type { CallSize } from '../../streams/budget/call-estimate.ts';
import type { AttemptContext, AttemptResult } from '../../streams/delivery/stage.ts';
import { type AskedParts, askModel, sizeOf } from '../agent/agent.ts';
import type { ChatModel } from '../agent/chat-model.ts';
import type { PieceFinder } from '../evidence/finder.ts';
import { grounded, groundedSchema, ungrounded } from '../evidence/grounded.ts';
import type { Piece } from '../evidence/piece.ts';
import { piecesFor, piecesText, shownText } from '../evidence/shown.ts';
import type { Research } from '../example.ts';
import { freeWork } from '../free-work.ts';
import type { LookUp } from '../lanes/recipe.ts';
import type { Question } from '../question.ts';

export type LookUpWork = Readonly<{
  how: Extract<LookUp, { mode: 'sources' }>;
  finder: PieceFinder | undefined;
  model: ChatModel;
  asked: AskedParts;
  question: Question;
}>;

/**
 * Puts what the question's words find in front of the model, asks once, and checks every quote of the answer. Throws Failures as
 * `askModel` and `grounded` do. Where nothing is found, nobody is asked.
 */
export async function lookUp(work: LookUpWork, attempt: AttemptContext): Promise<AttemptResult<Research>> {
  const { how, finder, model, question } = work;
  const pieces = await piecesFor(question, how, finder);
  if (pieces.length === 0) return freeWork(ungrounded(how.unanswerable));
  return grounded(await askModel(model, askOf(work, pieces), attempt), pieces, how.unanswerable);
}

/** How much an attempt of it may take. */
export async function sizeOfLookUp(work: LookUpWork, attempt: AttemptContext): Promise<CallSize> {
  const pieces = await piecesFor(work.question, work.how, work.finder);
  return sizeOf(work.model, askOf(work, pieces), attempt);
}

function askOf({ asked }: LookUpWork, pieces: readonly Piece[]) {
  const marked = { pieces: piecesText(pieces, asked.suffix ?? '') };
  // What the question brings stands among the pieces.
  const values = { ...asked.values, source: '', passages: '' };
  return {
    ...asked,
    values,
    marked,
    answerName: 'grounded',
    answer: groundedSchema,
    shape: shownText(pieces),
  };
}
