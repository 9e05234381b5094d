import type { Binary } from 'mongodb';
import { nearnessTo } from '../../../documents/vectors/int8-vector.ts';

/** Of bm25, as SQLite has them: https://www.sqlite.org/fts5.html#the_bm25_function. */
const K1 = 1.2;
const B = 0.75;
const HEADING_WEIGHT = 2;
const LEAST_RARITY = 1e-6;

type Words = Readonly<{ terms: string; headingTerms: string }>;
/** @property counts in how many chunks each word of the query stands. */
type Known = Readonly<{ counts: ReadonlyMap<string, number>; chunks: number }>;

/** Numbers of chunks, those first that have the rarest words, by the numbers that each word has. */
export function rarestFirst(
  found: ReadonlyMap<string, readonly number[]>,
  chunks: number,
): readonly number[] {
  const scores = new Map<number, number>();
  for (const numbers of found.values()) {
    const rarity = rarityOf(numbers.length, chunks);
    for (const number of numbers) scores.set(number, (scores.get(number) ?? 0) + rarity);
  }
  return [...scores].toSorted(([a, one], [b, other]) => other - one || a - b).map(([number]) => number);
}

/** The chunks with the best first, by bm25. */
export function ranked<T extends Words>(found: readonly T[], { counts, chunks }: Known): readonly T[] {
  const read = found.map((chunk) => ({ chunk, ...occurrences(chunk, counts) }));
  const usual = read.reduce((sum, { length }) => sum + length, 0) / Math.max(1, read.length);
  const scored = read.map(({ chunk, length, often }) => ({
    chunk,
    score: [...often].reduce((sum, [word, times]) => {
      const share = (times * (K1 + 1)) / (times + K1 * (1 - B + (B * length) / Math.max(1, usual)));
      return sum + rarityOf(counts.get(word) ?? 0, chunks) * share;
    }, 0),
  }));
  return scored.toSorted((one, other) => other.score - one.score).map(({ chunk }) => chunk);
}

function rarityOf(count: number, chunks: number): number {
  return Math.max(LEAST_RARITY, Math.log((chunks - count + 0.5) / (count + 0.5)));
}

function occurrences({ terms, headingTerms }: Words, counts: ReadonlyMap<string, number>) {
  const often = new Map<string, number>();
  const [text, heading] = [terms.split(' '), headingTerms.split(' ')];
  const add = (words: readonly string[], weight: number) => {
    for (const word of words) if (counts.has(word)) often.set(word, (often.get(word) ?? 0) + weight);
  };
  add(text, 1);
  add(heading, HEADING_WEIGHT);
  return { length: text.length + heading.length, often };
}

type WithVectors = Readonly<{ vectors?: Readonly<Record<string, Binary>> }>;

/** Those of the chunks that have a vector under the key, the nearest to the query first. */
export function nearestFirst<T extends WithVectors>(
  found: readonly T[],
  key: string,
  query: Int8Array,
): readonly T[] {
  const nearness = nearnessTo(query);
  const near = found.flatMap((chunk) => {
    const vector = chunk.vectors?.[key]?.toInt8Array();
    return vector === undefined || vector.length === 0
      ? []
      : [{ chunk, score: nearness(new Uint8Array(vector.buffer, vector.byteOffset, vector.length)) }];
  });
  return near.toSorted((one, other) => other.score - one.score).map(({ chunk }) => chunk);
}
