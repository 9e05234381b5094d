import { Failure } from '../../streams/failure.ts';
import type { Lane } from '../lanes/lane.ts';
import type { Question } from '../question.ts';
import { typeOnTheWay } from '../training-types/former.ts';
import { trainingTypeNamed } from '../training-types/index.ts';

/**
 * The candidate as its training type shows it, by the definition of the lane that it fits. Throws a Failure (`not_a_candidate`) for one that does not fit its type: it never came from
 * our generation.
 */
export function presented(
  question: Question,
  candidate: unknown,
  lane: Pick<Lane, 'recipes' | 'formerTypes'>,
): string {
  const { trainingType } = question;
  try {
    const type = typeOnTheWay(lane, question, candidate) ?? trainingTypeNamed(trainingType);
    return type.parse(candidate, question).present();
  } catch (cause) {
    const message = `The candidate is no example of the type ${trainingType}.`;
    throw new Failure('poison', 'not_a_candidate', message, { cause });
  }
}
