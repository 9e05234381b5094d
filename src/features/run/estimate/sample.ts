import { seededRandom } from '../../../infra/models/random.ts';
import type { Asked } from '../../questions/question-record.ts';

export type Sample = Readonly<{
  /** In the order of the supply. */
  questions: readonly Asked[];
  /** All questions of the supply, the same one counted as often as it comes. */
  population: number;
}>;

const SEED = 1;

/**
 * So many questions, each of the supply with the same chance (Vitter, "Random Sampling with a Reservoir", algorithm R,
 * 1985): a sorted file would make its first questions a poor sample. Memory holds the sample alone. The same supply gives
 * the same sample, so asking again costs nothing.
 */
export async function sampleOf(
  supply: AsyncIterable<Asked>,
  size: number,
  most = Number.POSITIVE_INFINITY,
): Promise<Sample> {
  const random = seededRandom(SEED);
  const kept: { question: Asked; position: number }[] = [];
  let population = 0;
  for await (const question of supply) {
    const at = population < size ? population : Math.floor(random() * (population + 1));
    if (at < size) kept[at] = { question, position: population };
    population += 1;
    if (population >= most) break;
  }
  const inOrder = kept.sort((a, b) => a.position - b.position);
  return { questions: inOrder.map(({ question }) => question), population };
}
