import { Failure } from '../../streams/failure.ts';
import type { Recipes } from '../lanes/recipe.ts';
import type { Question } from '../question.ts';
import { trainingTypeNamed, typeIn } from '../training-types/index.ts';

/**
 * The candidate as its training type shows it. Throws a Failure (`not_a_candidate`) for one that does not fit its type: it never came from
 * our generation.
 */
export function presented(question: Question, candidate: unknown, recipes: Recipes): string {
  const { trainingType } = question;
  try {
    const type = typeIn(recipes, trainingType) ?? trainingTypeNamed(trainingType);
    return type.parse(candidate, question).present();
  } catch (cause) {
    const message = `The candidate is no example of the type ${trainingType}.`;
    throw new Failure('poison', 'not_a_candidate', message, { cause });
  }
}
