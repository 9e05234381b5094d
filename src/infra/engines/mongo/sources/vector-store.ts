import { Binary, type Collection, type Db } from 'mongodb';
import {
  type Int8Vector,
  type MakingLease,
  type SpaceTally,
  spaceKey,
  spaceTallySchema,
  type Unembedded,
  type VectorIndex,
  type VectorSpace,
} from '../../../documents/vectors/vector-index.ts';
import { operation } from '../operation.ts';
import { type ChunkRow, indexCollectionsOf, type SpaceRow } from './documents.ts';
import { MongoMakingLease } from './making-lease.ts';
import { VectorServer } from './vector-server.ts';

/** The vectors of an index on MongoDB: each stands in its chunk, under the key of its space, and goes with it. */
export class VectorStore implements VectorIndex {
  readonly #chunks: Collection<ChunkRow>;
  readonly #spaces: Collection<SpaceRow>;
  readonly #server: VectorServer;
  readonly lease: MakingLease;

  constructor(db: Db, server = new VectorServer(db)) {
    const { chunks, vectorSpaces } = indexCollectionsOf(db);
    this.#chunks = chunks;
    this.#spaces = vectorSpaces;
    this.#server = server;
    this.lease = new MongoMakingLease(db);
  }

  async spaces(): Promise<readonly SpaceTally[]> {
    const rows = await operation('listing the vectors', () =>
      this.#spaces.find().sort({ ready: -1, at: -1 }).toArray(),
    );
    return rows.map((row) => spaceTallySchema.parse(row));
  }

  /** Whether the server finds chunks by them. */
  isSearched(): Promise<boolean> {
    return this.#server.isOffered();
  }

  async lacking(space: VectorSpace): Promise<Readonly<{ chunks: number; characters: number }>> {
    const characters = { $sum: [{ $strLenCP: '$text' }, { $strLenCP: '$heading' }] };
    const steps = [
      { $match: { [fieldOf(space)]: { $exists: false } } },
      { $group: { _id: null, chunks: { $sum: 1 }, characters: { $sum: characters } } },
    ];
    const [row] = await operation('counting the chunks without a vector', () =>
      this.#chunks.aggregate<{ chunks: number; characters: number }>(steps).toArray(),
    );
    return { chunks: row?.chunks ?? 0, characters: row?.characters ?? 0 };
  }

  async without(space: VectorSpace, limit: number, after: string): Promise<readonly Unembedded[]> {
    const rows = await operation('reading chunks without a vector', () =>
      this.#chunks
        .find(
          { _id: { $gt: after }, [fieldOf(space)]: { $exists: false } },
          { projection: { heading: 1, text: 1 }, sort: { _id: 1 }, limit },
        )
        .toArray(),
    );
    return rows.map(({ _id: hash, heading, text }) => ({ hash, heading, text }));
  }

  async putVectors(space: VectorSpace, vectors: ReadonlyMap<string, Int8Vector>): Promise<void> {
    const { model, dimensions, asked, address, keyVariable } = space;
    const key = spaceKey(space);
    const facts = { model, dimensions, asked, address, keyVariable };
    const fresh = { ready: false, at: new Date() };
    await operation('adding vectors', () =>
      this.#spaces.updateOne({ _id: key }, { $set: facts, $setOnInsert: fresh }, { upsert: true }),
    );
    const operations = [...vectors].map(([hash, vector]) => ({
      updateOne: {
        filter: { _id: hash },
        update: { $set: { [fieldOf(space)]: Binary.fromInt8Array(vector) } },
      },
    }));
    await operation('putting vectors', () => this.#chunks.bulkWrite(operations, { ordered: false }));
    await this.#server.prepare(space);
  }

  async answerBy(space: VectorSpace): Promise<void> {
    const key = spaceKey(space);
    const { matchedCount } = await operation('answering by vectors', () =>
      this.#spaces.updateOne({ _id: key }, { $set: { ready: true } }),
    );
    if (matchedCount === 0) return;
    for (const old of await this.spaces()) {
      const oldKey = spaceKey(old);
      if (oldKey === key) continue;
      await this.#server.drop(old);
      const field = fieldOf(old);
      await operation('dropping old vectors', () =>
        this.#chunks.updateMany({ [field]: { $exists: true } }, { $unset: { [field]: '' } }),
      );
      await operation('dropping old vectors', () => this.#spaces.deleteOne({ _id: oldKey }));
    }
  }
}

/** Where the vector of a chunk stands. */
function fieldOf(space: VectorSpace): `vectors.${string}` {
  return `vectors.${spaceKey(space)}`;
}
