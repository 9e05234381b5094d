import type { Db } from 'mongodb';
import type { FoundPiece, ReadStretch, Stretch } from '../../../../stages/evidence/finder.ts';
import { chunkInPlaceSchema, foundPiece } from '../../../documents/index/found-piece.ts';
import { MOST_READ, withinStretch } from '../../../documents/text/within-stretch.ts';
import { operation } from '../operation.ts';
import {
  type ChunkRow,
  documentKey,
  type IndexCollections,
  indexCollectionsOf,
  type PlaceRow,
} from './documents.ts';

type ShownChunk = Pick<ChunkRow, '_id' | 'heading' | 'text'>;
type PlacedChunk = Readonly<{ chunk: ShownChunk; place: PlaceRow }>;

/** Makes pieces of chunks: each at a place, with what its document and its source are. What went meanwhile is left out. */
export class PieceReader {
  readonly #index: IndexCollections;

  constructor(db: Db) {
    this.#index = indexCollectionsOf(db);
  }

  /** The chunks in their order, each at the first place that it has in those sources. */
  async ofChunks(
    chunks: readonly ShownChunk[],
    sources: readonly string[] | undefined,
  ): Promise<readonly FoundPiece[]> {
    const named = sources === undefined ? {} : { source: { $in: [...sources] } };
    const rows = await operation('looking where chunks stand', () =>
      this.#index.places
        .aggregate<{ _id: string; place: PlaceRow }>([
          { $match: { chunk: { $in: chunks.map(({ _id }) => _id) }, ...named } },
          { $sort: { chunk: 1, document: 1, n: 1 } },
          { $group: { _id: '$chunk', place: { $first: '$$ROOT' } } },
        ])
        .toArray(),
    );
    const placeOf = byId(rows);
    return this.#pieces(
      chunks.flatMap((chunk) => {
        const found = placeOf.get(chunk._id);
        return found === undefined ? [] : [{ chunk, place: found.place }];
      }),
    );
  }

  /** A stretch of a document as its chunks; `undefined` where there is no such document. */
  async ofStretch(stretch: Stretch): Promise<ReadStretch | undefined> {
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
    const among = { _id: { $in: places.map(({ chunk }) => chunk) } };
    const rows = await operation('reading chunks', () =>
      this.#index.chunks.find(among, { projection: { words: 0, vectors: 0 } }).toArray(),
    );
    const chunkOf = byId(rows);
    const placed = places.flatMap((place) => {
      const chunk = chunkOf.get(place.chunk);
      return chunk === undefined ? [] : [{ chunk, place }];
    });
    return { pieces: withinStretch(stretch, await this.#pieces(placed)), length: last.end };
  }

  async #pieces(placed: readonly PlacedChunk[]): Promise<readonly FoundPiece[]> {
    const documents = { _id: { $in: placed.map(({ place }) => place.document) } };
    const sources = { _id: { $in: placed.map(({ place }) => place.source) } };
    const [documentRows, sourceRows] = await Promise.all([
      operation('reading documents', () => this.#index.documents.find(documents).toArray()),
      operation('reading sources', () => this.#index.sources.find(sources).toArray()),
    ]);
    const [documentOf, sourceOf] = [byId(documentRows), byId(sourceRows)];
    return placed.flatMap(({ chunk: { _id: contentHash, heading, text }, place }) => {
      const [document, source] = [documentOf.get(place.document), sourceOf.get(place.source)];
      if (document === undefined || source === undefined) return [];
      const { path, title, at } = document;
      const shown = { contentHash, heading, text, path, title, at, license: source.license };
      return [foundPiece(chunkInPlaceSchema.parse({ ...place, ...shown }))];
    });
  }
}

function byId<T extends Readonly<{ _id: string }>>(rows: readonly T[]): ReadonlyMap<string, T> {
  return new Map(rows.map((row) => [row._id, row]));
}
