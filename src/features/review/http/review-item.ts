import { judgedAs } from '../../../stages/example.ts';
import type { Question } from '../../../stages/question.ts';
import type { ReviewQueueEntry } from '../../../stages/store/review-queue-repository.ts';
import { suspicionsIn } from '../../../stages/text/suspicion.ts';
import { typeOfCandidate } from '../../../stages/training-types/former.ts';
import { trainingTypeNamed } from '../../../stages/training-types/index.ts';
import { Failure } from '../../../streams/failure.ts';
import { withoutUndefined } from '../../../streams/without-undefined.ts';
import type { ReviewItem } from './schemas.ts';

/** What waits for a person, as the desk shows it. */
export function reviewItemOf({ message, shadow, claimedBy, ...entry }: ReviewQueueEntry): ReviewItem {
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
    ...withoutUndefined({ shadow, claimedBy }),
  };
}

/** A candidate that fits no definition of its type is shown as it is. */
function presented(question: Question, candidate: unknown): string {
  try {
    const type = typeOfCandidate(candidate, question) ?? trainingTypeNamed(question.trainingType);
    return type.parse(candidate, question).present();
  } catch (error) {
    if (error instanceof Failure) return JSON.stringify(candidate, null, 2);
    throw error;
  }
}
