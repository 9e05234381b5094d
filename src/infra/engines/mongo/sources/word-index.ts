import type { Collection } from 'mongodb';
import { KeptCounts } from '../../../documents/text/kept-counts.ts';
import { rarestOf } from '../../../documents/text/rare-words.ts';
import { operation } from '../operation.ts';
import type { ChunkRow } from './documents.ts';

/**
 * The words of so many chunks stand together in the index. Between those of all chunks, each word of a new one would change a page of
 * its own, and a new chunk would cost the more the more there are.
 */
const CHUNKS_A_PART = 1_000;
const LETTERS_OF_PART = 4;
const BASE = 36;
/** A word that occurs so often says little: nobody reads on. */
const MOST_COUNTED = 5_001;
/** Not even where all words of a query are everyday ones. */
const MOST_READ = 100_000;

/** Words as they stand in the index, each once, if so many chunks stand there already. */
export function keysOf(words: readonly string[], chunks: number): string[] {
  return [...new Set(words)].map((word) => keyIn(Math.floor(chunks / CHUNKS_A_PART), word));
}

/** A number for a chunk that is short, as each of its words is kept with it: seldom one of several chunks. */
export function numberOf(hash: string): number {
  return Number.parseInt(hash.slice(0, 8), 16) | 0;
}

function keyIn(part: number, word: string): string {
  return `${part.toString(BASE).padStart(LETTERS_OF_PART, '0')}${word}`;
}

/** In which chunks words stand. It is read from the index `by_word` alone. */
export class WordIndex {
  readonly #chunks: Collection<ChunkRow>;
  readonly #counts = new KeptCounts();

  constructor(chunks: Collection<ChunkRow>) {
    this.#chunks = chunks;
  }

  /** The rare words among them that occur, with the numbers of the chunks that have them. */
  async rare(words: readonly string[]): Promise<ReadonlyMap<string, readonly number[]>> {
    const parts = await this.#parts();
    const read = new Map<string, readonly number[]>();
    const counted = await Promise.all(
      words.map(async (word) => {
        const known = this.#counts.of(word);
        if (known !== undefined) return { word, count: known };
        const numbers = await this.#read(word, parts, MOST_COUNTED);
        const isEveryday = numbers.length === MOST_COUNTED;
        if (!isEveryday) read.set(word, numbers);
        // How often it occurs beyond that nobody knows: it is taken only where rarer words are lacking.
        const count = isEveryday ? Number.POSITIVE_INFINITY : numbers.length;
        this.#counts.keep(word, count);
        return { word, count };
      }),
    );
    const rare = rarestOf(counted.filter(({ count }) => count > 0)).map(async ({ word }) => {
      const numbers = read.get(word) ?? (await this.#read(word, parts, MOST_READ));
      return [word, numbers] as const;
    });
    return new Map(await Promise.all(rare));
  }

  async #read(word: string, parts: number, limit: number): Promise<readonly number[]> {
    const keys = Array.from({ length: parts }, (_, part) => keyIn(part, word));
    const steps = [
      { $match: { words: { $in: keys } } },
      { $limit: limit },
      { $group: { _id: null, numbers: { $push: '$number' } } },
    ];
    const [row] = await operation('looking for a word', () =>
      this.#chunks.aggregate<{ numbers: number[] }>(steps).toArray(),
    );
    return row?.numbers ?? [];
  }

  /** How many there are: the last one stands at the end of the index. */
  async #parts(): Promise<number> {
    const last = await operation('looking for the last words', () =>
      this.#chunks.findOne(
        { words: { $gt: '' } },
        { sort: { words: -1, number: -1 }, projection: { words: 1 } },
      ),
    );
    const key = last?.words[0]?.slice(0, LETTERS_OF_PART);
    return key === undefined ? 0 : Number.parseInt(key, BASE) + 1;
  }
}
