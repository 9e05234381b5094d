/** Of reciprocal rank fusion: how little the first places count above the next. https://plg.uwaterloo.ca/~gvcormac/cormacksigir09-rrf.pdf */
const K = 60;

/** So many of each list are joined at least. */
export const JOINED = 50;

/** Lists of the same things, each with its best first, as one: what stands high in several comes first. */
export function reciprocalRankFusion<T>(lists: readonly (readonly T[])[]): readonly T[] {
  const scores = new Map<T, number>();
  for (const list of lists)
    for (const [rank, each] of list.entries()) scores.set(each, (scores.get(each) ?? 0) + 1 / (K + rank + 1));
  return [...scores].toSorted(([, one], [, other]) => other - one).map(([each]) => each);
}
