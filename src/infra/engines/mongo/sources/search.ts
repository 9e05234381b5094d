import type { Db, Filter } from 'mongodb';
import type { FoundPiece } from '../../../../stages/evidence/finder.ts';
import { queryWords } from '../../../documents/text/words.ts';
import { JOINED, reciprocalRankFusion } from '../../../documents/vectors/reciprocal-rank-fusion.ts';
import { type QueryVector, spaceKey, type WantedByVector } from '../../../documents/vectors/vector-index.ts';
import { operation } from '../operation.ts';
import { type ChunkRow, type FoundChunk, type IndexCollections, indexCollectionsOf } from './documents.ts';
import { PieceReader } from './piece-reader.ts';
import { nearestFirst, ranked, rarestFirst } from './rank.ts';
import { VectorServer } from './vector-server.ts';
import { WordIndex } from './word-index.ts';

/** So many of those with the rarest words are read, and ranked by all that they have. */
const RANKED_AGAIN = 200;
/** What is searched among named sources grows so fast until enough is found. */
const GROWS = 4;

/** Searches by the words that a text and a chunk share, and by the vector of the text where it is given one. */
export class MongoSearch {
  readonly #index: IndexCollections;
  readonly #server: VectorServer;
  readonly #words: WordIndex;
  readonly #pieces: PieceReader;

  constructor(db: Db) {
    this.#index = indexCollectionsOf(db);
    this.#server = new VectorServer(db);
    this.#words = new WordIndex(this.#index.chunks);
    this.#pieces = new PieceReader(db);
  }

  async pieces({ text, limit, sources, vector }: WantedByVector): Promise<readonly FoundPiece[]> {
    const byWords = await this.#byWords(text, sources, vector !== undefined);
    const best = vector === undefined ? byWords : await this.#fused(byWords, vector, { limit, sources });
    const pieces: FoundPiece[] = [];
    for (let at = 0; at < best.length && pieces.length < limit; at += limit)
      pieces.push(...(await this.#pieces.ofChunks(best.slice(at, at + limit), sources)));
    return pieces.slice(0, limit);
  }

  /** Where the server finds nothing by vectors, they rank again what was found by words. */
  async #fused(
    byWords: readonly FoundChunk[],
    vector: QueryVector,
    { limit, sources }: Readonly<{ limit: number; sources: readonly string[] | undefined }>,
  ): Promise<readonly FoundChunk[]> {
    const most = Math.max(limit, JOINED);
    const near =
      (await this.#server.nearest(vector, sources === undefined ? most : RANKED_AGAIN)) ??
      nearestFirst(byWords, spaceKey(vector.space), vector.values);
    const rows = new Map([...near, ...byWords].map((row) => [row._id, row]));
    const lists = [byWords.slice(0, most), near.slice(0, most)];
    return reciprocalRankFusion(lists.map((list) => list.map(({ _id }) => _id))).flatMap(
      (id) => rows.get(id) ?? [],
    );
  }

  async #byWords(
    text: string,
    sources: readonly string[] | undefined,
    withVectors: boolean,
  ): Promise<readonly FoundChunk[]> {
    const [chunks, found] = await Promise.all([
      operation('counting the chunks', () => this.#index.chunks.estimatedDocumentCount()),
      this.#words.rare(queryWords(text)),
    ]);
    const best = await this.#within(rarestFirst(found, chunks), sources);
    const counts = new Map([...found].map(([word, { length }]) => [word, length]));
    return ranked(await this.#rows({ number: { $in: [...best] } }, withVectors), { counts, chunks });
  }

  /** The first of them that stand in those sources. */
  async #within(
    numbers: readonly number[],
    sources: readonly string[] | undefined,
  ): Promise<readonly number[]> {
    if (sources === undefined) return numbers.slice(0, RANKED_AGAIN);
    const within: number[] = [];
    let [at, some] = [0, RANKED_AGAIN];
    while (at < numbers.length && within.length < RANKED_AGAIN) {
      const block = numbers.slice(at, at + some);
      const inSources = await this.#inSources(block, sources);
      within.push(...block.filter((number) => inSources.has(number)));
      [at, some] = [at + some, some * GROWS];
    }
    return within.slice(0, RANKED_AGAIN);
  }

  async #inSources(numbers: readonly number[], sources: readonly string[]): Promise<ReadonlySet<number>> {
    const place = { from: 'places', localField: '_id', foreignField: 'chunk', as: 'placed' };
    const among = [{ $match: { source: { $in: sources } } }, { $limit: 1 }, { $project: { _id: 1 } }];
    const rows = await operation('looking which chunks stand in sources', () =>
      this.#index.chunks
        .aggregate<{ number: number }>([
          { $match: { number: { $in: numbers } } },
          { $project: { number: 1 } },
          { $lookup: { ...place, pipeline: among } },
          { $match: { placed: { $ne: [] } } },
          { $project: { number: 1 } },
        ])
        .toArray(),
    );
    return new Set(rows.map(({ number }) => number));
  }

  async #rows(filter: Filter<ChunkRow>, withVectors: boolean): Promise<readonly FoundChunk[]> {
    const projection = { words: 0, ...(withVectors ? {} : { vectors: 0 }) };
    return operation('reading chunks', () => this.#index.chunks.find(filter, { projection }).toArray());
  }
}
