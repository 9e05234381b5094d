import type { Collection } from 'mongodb';
import type { Chunk } from '../../../documents/text/chunks.ts';
import { operation } from '../operation.ts';
import type { PlaceRow } from './documents.ts';

/** Where chunks stand in documents. */
export class PlaceStore {
  readonly #places: Collection<PlaceRow>;

  constructor(places: Collection<PlaceRow>) {
    this.#places = places;
  }

  /** @param of `first`: how many chunks of the document stand before these. */
  async put(
    {
      source,
      document,
      first,
      put,
    }: Readonly<{ source: string; document: string; first: number; put: string }>,
    chunks: readonly Chunk[],
  ): Promise<void> {
    const operations = chunks.map(({ hash: chunk, heading: _, text: __, ...place }, index) => {
      const n = first + index;
      const replacement = { source, document, n, chunk, put, ...place };
      return { replaceOne: { filter: { _id: `${document}#${n}` }, replacement, upsert: true } };
    });
    await operation('putting places', () => this.#places.bulkWrite(operations, { ordered: false }));
  }

  /** Of a document, each once. */
  async chunksOf(document: string): Promise<readonly string[]> {
    const rows = await operation('reading places', () =>
      this.#places.find({ document }, { projection: { chunk: 1 } }).toArray(),
    );
    return [...new Set(rows.map(({ chunk }) => chunk))];
  }

  /** Those of the chunks that have a place. */
  async standing(chunks: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await operation('looking where chunks stand', () =>
      this.#places.distinct('chunk', { chunk: { $in: [...chunks] } }),
    );
    return new Set(found);
  }

  /** Those of a document that its last reading did not put. */
  async dropOld(document: string, put: string): Promise<void> {
    await operation('dropping places', () => this.#places.deleteMany({ document, put: { $ne: put } }));
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
