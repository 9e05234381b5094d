import { judgedAs } from '../../../stages/example.ts';
import type { Question } from '../../../stages/question.ts';
import type { DeskEntry } from '../../../stages/store/review-queue-repository.ts';
import { suspicionsIn } from '../../../stages/text/suspicion.ts';
import { trainingTypeNamed } from '../../../stages/training-types/index.ts';
import { Failure } from '../../../streams/failure.ts';
import type { DeskItem } from './schemas.ts';

/** What waits for a person, as the desk shows it. */
export function deskItemOf({ message, shadow, claimedBy, ...entry }: DeskEntry): DeskItem {
  const { question, research, candidate, review, provenance } = message;
  const { lane, questionId, revision, why, heldAt } = entry;
  const { scores, score, feedback } = review;
  return {
    ...{ lane, questionId, revision, why, heldAt, question, research, candidate },
    presented: presented(question, candidate),
    trainingType: question.trainingType,
    suspicions: suspicionsIn(message),
    review: { scores, score, verdict: judgedAs(review), feedback },
    model: provenance.findLast(({ stage }) => stage === 'review')?.model ?? '',
    ...(shadow === undefined ? {} : { shadow }),
    ...(claimedBy === undefined ? {} : { claimedBy }),
  };
}

/** A candidate that fits its type no more is shown as it is. */
function presented(question: Question, candidate: unknown): string {
  try {
    return trainingTypeNamed(question.trainingType).parse(candidate, question).present();
  } catch (error) {
    if (error instanceof Failure) return JSON.stringify(candidate, null, 2);
    throw error;
  }
}
