import { createHash } from 'node:crypto';
import type { DatasetStatisticsReply } from './schemas.ts';

const HASHES = 64;
const BANDS = 16;
const ROWS = HASHES / BANDS;
const SHINGLE_WORDS = 3;
const LEAST_SIMILARITY = 0.7;
const MAX_PAIRS = 50;
/** Texts that a band is kept of: where thousands are alike, each is compared with a few of them and not with all. */
const MOST_OF_A_BAND = 8;
/** Pairs that are kept until the most alike are chosen among them. */
const MOST_FOUND = 20 * MAX_PAIRS;
const TEXT_CHARACTERS = 300;

type Entry = Readonly<{ id: string; text: string; shingles: ReadonlySet<number> }>;

/**
 * Texts that share most of their runs of three words, found by MinHash and banding, so that not every pair is compared:
 * A. Broder, "On the resemblance and containment of documents", 1997. A pair of similarity 0.8 is missed once in 5,000.
 */
export class NearDuplicates {
  readonly #buckets = new Map<string, Entry[]>();
  #found: DatasetStatisticsReply['nearDuplicates'][number][] = [];

  add(id: string, text: string): void {
    const entry = { id, text, shingles: shinglesOf(text) };
    const seen = new Set<Entry>();
    for (const band of bandsOf(entry.shingles)) {
      const bucket = this.#buckets.get(band) ?? [];
      for (const other of bucket) if (!seen.has(other)) this.#compare(other, entry);
      for (const other of bucket) seen.add(other);
      if (bucket.length === MOST_OF_A_BAND) continue;
      bucket.push(entry);
      this.#buckets.set(band, bucket);
    }
  }

  /** The most alike first. */
  pairs(): DatasetStatisticsReply['nearDuplicates'] {
    return this.#found.toSorted((a, b) => b.similarity - a.similarity).slice(0, MAX_PAIRS);
  }

  #compare(a: Entry, b: Entry): void {
    const shared = a.shingles.intersection(b.shingles).size;
    const similarity = shared / (a.shingles.size + b.shingles.size - shared);
    if (similarity < LEAST_SIMILARITY) return;
    const [textA, textB] = [a.text.slice(0, TEXT_CHARACTERS), b.text.slice(0, TEXT_CHARACTERS)];
    this.#found.push({ a: a.id, b: b.id, textA, textB, similarity });
    if (this.#found.length > MOST_FOUND) this.#found = [...this.pairs()];
  }
}

function shinglesOf(text: string): ReadonlySet<number> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const runs = Math.max(1, words.length - SHINGLE_WORDS + 1);
  return new Set(
    Array.from({ length: runs }, (_, at) => hashOf(words.slice(at, at + SHINGLE_WORDS).join(' '))),
  );
}

function hashOf(text: string): number {
  return createHash('md5').update(text).digest().readUInt32LE();
}

function* bandsOf(shingles: ReadonlySet<number>): Generator<string> {
  const least = Array.from({ length: HASHES }, (_, seed) => leastOf(shingles, seed));
  for (let band = 0; band < BANDS; band += 1)
    yield `${band}:${least.slice(band * ROWS, (band + 1) * ROWS).join(',')}`;
}

/** The least of the shingles' hashes under the seed's permutation: Knuth's multiplicative hashing. */
function leastOf(shingles: ReadonlySet<number>, seed: number): number {
  let least = 0xffff_ffff;
  for (const shingle of shingles) {
    const mixed = Math.imul(shingle ^ Math.imul(seed + 1, 0x9e37_79b1), 0x85eb_ca6b);
    least = Math.min(least, (mixed ^ (mixed >>> 15)) >>> 0);
  }
  return least;
}
