/** The time of a search grows with how often its words occur: rare words are taken first, until they occur so often together. */
const MOST_OCCURRENCES = 20_000;
const LEAST_WORDS = 2;

export type WordCount = Readonly<{ word: string; count: number }>;

/** The words by which a search is made, the rarest first. */
export function rarestOf(counted: readonly WordCount[]): readonly WordCount[] {
  let sum = 0;
  return counted
    .toSorted((one, other) => one.count - other.count)
    .filter(({ count }, index) => {
      sum += count;
      return index < LEAST_WORDS || sum <= MOST_OCCURRENCES;
    });
}
