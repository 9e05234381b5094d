import type { Collection } from 'mongodb';
import type { Chunk } from '../../../documents/text/chunks.ts';
import { operation } from '../operation.ts';
import type { PlaceRow } from './documents.ts';

/** A chunk, and the which of its document it is. */
export type PlacedChunk = Readonly<{ document: string; n: number; chunk: Chunk }>;

/** Where chunks stand in documents. */
export class PlaceStore {
  readonly #places: Collection<PlaceRow>;

  constructor(places: Collection<PlaceRow>) {
    this.#places = places;
  }

  async put(source: string, placed: readonly PlacedChunk[], put: string): Promise<void> {
    const operations = placed.map(
      ({ document, n, chunk: { hash: chunk, heading: _, text: __, ...place } }) => {
        const replacement = { source, document, n, chunk, put, ...place };
        return { replaceOne: { filter: { _id: `${document}#${n}` }, replacement, upsert: true } };
      },
    );
    await operation('putting places', () => this.#places.bulkWrite(operations, { ordered: false }));
  }

  /** Of documents, each once. */
  async chunksOf(documents: readonly string[]): Promise<readonly string[]> {
    const among = { document: { $in: [...documents] } };
    const rows = await operation('reading places', () =>
      this.#places.find(among, { projection: { chunk: 1 } }).toArray(),
    );
    return [...new Set(rows.map(({ chunk }) => chunk))];
  }

  /** Those of the chunks that have a place. */
  async known(chunks: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await operation('looking where chunks stand', () =>
      this.#places.distinct('chunk', { chunk: { $in: [...chunks] } }),
    );
    return new Set(found);
  }

  /** Those of the documents that their last reading did not put. */
  async dropOld(documents: readonly string[], put: string): Promise<void> {
    const old = { document: { $in: [...documents] }, put: { $ne: put } };
    await operation('dropping places', () => this.#places.deleteMany(old));
  }

  async dropAll(document: string): Promise<void> {
    await operation('dropping places', () => this.#places.deleteMany({ document }));
  }

  /** Different ones of a source. */
  async countChunks(source: string): Promise<number> {
    const steps = [{ $match: { source } }, { $group: { _id: '$chunk' } }, { $count: 'count' }];
    const [row] = await operation('counting the chunks of a source', () =>
      this.#places.aggregate<{ count: number }>(steps).toArray(),
    );
    return row?.count ?? 0;
  }
}
