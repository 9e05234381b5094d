import type { Question, Submission } from '../../../../stages/question.ts';
import { questionKey } from '../../../../stages/store/question-key.ts';
import type { WorkKey } from '../../../../streams/work/work.ts';
import type { QuestionDocument, SubmissionDocument } from '../documents.ts';

/** The question as it is first known in a lane. */
export function newQuestion(
  { lane, questionId }: WorkKey,
  question: Question,
  runs: readonly string[],
): QuestionDocument {
  const { topic, subTopic, trainingType } = question;
  const now = new Date();
  return {
    _id: questionKey({ lane, questionId }),
    ...{ lane, questionId, question: JSON.stringify(question), runs: [...runs] },
    ...{ topic, subTopic, trainingType },
    ...{ status: 'pending', rank: 0, published: false, addedAt: now, updatedAt: now, endedAt: null },
  };
}

export function newSubmission(
  { lane, questionId }: WorkKey,
  { run, position, id, metadata }: Submission,
): SubmissionDocument {
  const named = { id: id ?? null, metadata: metadata === undefined ? null : JSON.stringify(metadata) };
  const _id = `${run}/${lane}/${questionId}`;
  return { _id, run, questionId, lane, position, ...named };
}
