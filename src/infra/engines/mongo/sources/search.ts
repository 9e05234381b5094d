import type { Db } from 'mongodb';
import type { FoundPiece, ReadStretch, Stretch } from '../../../../stages/evidence/finder.ts';
import { KeptCounts } from '../../../documents/text/kept-counts.ts';
import { rarestOf, type WordCount } from '../../../documents/text/rarest.ts';
import { withinStretch } from '../../../documents/text/within-stretch.ts';
import { queryWords } from '../../../documents/text/words.ts';
import { fused, JOINED } from '../../../documents/vectors/fused.ts';
import {
  type QueryVector,
  type SpaceTally,
  spaceKey,
  type WantedByVector,
} from '../../../documents/vectors/vector-index.ts';
import { operation } from '../operation.ts';
import {
  type ChunkRow,
  documentKey,
  type IndexCollections,
  indexCollectionsOf,
  type PlaceRow,
  placeRow,
} from './documents.ts';
import { nearestFirst, ranked } from './rank.ts';
import { VectorServer } from './vector-server.ts';
import { VectorStore } from './vector-store.ts';

/** A word that occurs so often says little: nobody counts on. */
const MOST_COUNTED = 5_001;
/** So many chunks hold more characters than anybody wants at once. */
const MOST_READ = 50;
/** So many of MongoDB's best are ranked again. */
const RANKED_AGAIN = 200;

/** Searches by the words that a text and a chunk share, and by the vector of the text where it is given one. */
export class MongoSearch {
  readonly #index: IndexCollections;
  readonly #server: VectorServer;
  readonly #vectors: VectorStore;
  readonly #counts = new KeptCounts();

  constructor(db: Db) {
    this.#index = indexCollectionsOf(db);
    this.#server = new VectorServer(db);
    this.#vectors = new VectorStore(this.#index, this.#server);
  }

  spaces(): Promise<readonly SpaceTally[]> {
    return this.#vectors.spaces();
  }

  async pieces({ text, limit, sources, vector }: WantedByVector): Promise<readonly FoundPiece[]> {
    const byWords = await this.#byWords(text, sources, vector !== undefined);
    const best = vector === undefined ? byWords : await this.#fused(byWords, vector, { limit, sources });
    const pieces: FoundPiece[] = [];
    for (const chunk of best) {
      if (pieces.length === limit) break;
      const piece = await this.#pieceOf(chunk, sources);
      if (piece !== undefined) pieces.push(piece);
    }
    return pieces;
  }

  /** Where the server finds nothing by vectors, they rank again what was found by words. */
  async #fused(
    byWords: readonly ChunkRow[],
    vector: QueryVector,
    { limit, sources }: Readonly<{ limit: number; sources: readonly string[] | undefined }>,
  ): Promise<readonly ChunkRow[]> {
    const most = Math.max(limit, JOINED);
    const near =
      (await this.#server.nearest(vector, sources === undefined ? most : RANKED_AGAIN)) ??
      nearestFirst(byWords, spaceKey(vector.space), vector.values);
    const rows = new Map([...near, ...byWords].map((row) => [row._id, row]));
    const lists = [byWords.slice(0, most), near.slice(0, most)];
    return fused(lists.map((list) => list.map(({ _id }) => _id))).flatMap((id) => rows.get(id) ?? []);
  }

  async #byWords(
    text: string,
    sources: readonly string[] | undefined,
    withVectors: boolean,
  ): Promise<readonly ChunkRow[]> {
    const chunks = await operation('counting the chunks', () => this.#index.chunks.estimatedDocumentCount());
    if (chunks === 0) return [];
    const counted = await Promise.all(queryWords(text).map((word) => this.#counted(word)));
    const words = rarestOf(counted.filter(({ count }) => count > 0));
    if (words.length === 0) return [];
    const counts = new Map(words.map(({ word, count }) => [word, count]));
    return ranked(await this.#best([...counts.keys()], sources, withVectors), { counts, chunks });
  }

  /** A stretch of a document as its chunks; `undefined` where there is no such document. */
  async stretch(stretch: Stretch): Promise<ReadStretch | undefined> {
    const document = documentKey(stretch.source, stretch.path);
    const places = await operation('reading places', () =>
      this.#index.places
        .find({ document, end: { $gt: stretch.from } }, { sort: { n: 1 }, limit: MOST_READ })
        .toArray(),
    );
    const last = await operation('looking where a document ends', () =>
      this.#index.places.findOne({ document }, { sort: { n: -1 } }),
    );
    if (last === null) return undefined;
    const pieces = await Promise.all(places.map((place) => this.#pieceAt(place)));
    return {
      pieces: withinStretch(
        stretch,
        pieces.filter((piece) => piece !== undefined),
      ),
      length: last.end,
    };
  }

  async #pieceAt(place: PlaceRow): Promise<FoundPiece | undefined> {
    const chunk = await operation('reading a chunk', () => this.#index.chunks.findOne({ _id: place.chunk }));
    return chunk === null ? undefined : this.#placed(chunk, place);
  }

  async #counted(word: string): Promise<WordCount> {
    const known = this.#counts.of(word);
    if (known !== undefined) return { word, count: known };
    const count = await operation('counting a word', () =>
      this.#index.chunks.countDocuments({ $text: { $search: word } }, { limit: MOST_COUNTED }),
    );
    this.#counts.keep(word, count);
    return { word, count };
  }

  /** Words are letters and digits alone, so that none of them is syntax to `$text`. */
  async #best(
    words: readonly string[],
    sources: readonly string[] | undefined,
    withVectors: boolean,
  ): Promise<ChunkRow[]> {
    const place = { from: 'places', localField: '_id', foreignField: 'chunk', as: 'placed' };
    const among = [{ $match: { source: { $in: sources } } }, { $limit: 1 }, { $project: { _id: 1 } }];
    const named =
      sources === undefined
        ? []
        : [{ $lookup: { ...place, pipeline: among } }, { $match: { placed: { $ne: [] } } }];
    const steps = [
      { $match: { $text: { $search: words.join(' ') } } },
      ...named,
      { $sort: { score: { $meta: 'textScore' }, _id: 1 } },
      { $limit: RANKED_AGAIN },
      ...(withVectors ? [] : [{ $unset: 'vectors' }]),
    ];
    return operation('searching the chunks', () => this.#index.chunks.aggregate<ChunkRow>(steps).toArray());
  }

  /** The first of its places that is searched; `undefined` where it has none any more. */
  async #pieceOf(chunk: ChunkRow, sources: readonly string[] | undefined): Promise<FoundPiece | undefined> {
    const named = sources === undefined ? {} : { source: { $in: [...sources] } };
    const found = await operation('looking where a chunk stands', () =>
      this.#index.places.findOne({ chunk: chunk._id, ...named }, { sort: { document: 1, n: 1 } }),
    );
    return found === null ? undefined : this.#placed(chunk, found);
  }

  async #placed(
    { _id: contentHash, heading, text }: ChunkRow,
    found: PlaceRow,
  ): Promise<FoundPiece | undefined> {
    const [document, source] = await Promise.all([
      operation('reading a document', () => this.#index.documents.findOne({ _id: found.document })),
      operation('reading a source', () => this.#index.sources.findOne({ _id: found.source })),
    ]);
    if (document === null || source === null) return undefined;
    const { path, title, at } = document;
    return {
      kind: 'document',
      source: `documents:${document._id}`,
      ...{ title, path, text, start: found.start, end: found.end, contentHash, at },
      locator: locatorOf(found, heading),
      ...(source.license === '' ? {} : { license: source.license }),
    };
  }
}

function locatorOf(place: PlaceRow, heading: string): NonNullable<FoundPiece['locator']> {
  const { page, row, line, toLine } = placeRow.parse(place);
  return {
    ...(page === undefined ? {} : { page }),
    ...(row === undefined ? {} : { row }),
    ...(line === undefined ? {} : { line }),
    ...(toLine === undefined ? {} : { toLine }),
    ...(heading === '' ? {} : { heading }),
  };
}
