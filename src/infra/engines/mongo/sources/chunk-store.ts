import type { Collection } from 'mongodb';
import type { Chunk } from '../../../documents/text/chunks.ts';
import { foldedWords } from '../../../documents/text/words.ts';
import { operation } from '../operation.ts';
import type { ChunkRow } from './documents.ts';
import type { PlaceStore } from './place-store.ts';
import { keysOf, numberOf } from './word-index.ts';

const AT_ONCE = 500;

/** The texts that are searched, each once, wherever it stands. */
export class ChunkStore {
  readonly #chunks: Collection<ChunkRow>;
  readonly #places: PlaceStore;

  constructor(chunks: Collection<ChunkRow>, places: PlaceStore) {
    this.#chunks = chunks;
    this.#places = places;
  }

  /** Answers how many were new. */
  async put(chunks: readonly Chunk[], put: string): Promise<number> {
    const before = await this.count();
    const operations = chunks.map(({ hash, heading, text }) => {
      const [terms, headingTerms] = [foldedWords(text), foldedWords(heading)];
      const words = { terms: terms.join(' '), headingTerms: headingTerms.join(' ') };
      const index = { words: keysOf([...terms, ...headingTerms], before), number: numberOf(hash) };
      const update = { $set: { put }, $setOnInsert: { heading, text, ...words, ...index } };
      return { updateOne: { filter: { _id: hash }, update, upsert: true } };
    });
    const done = await operation('putting chunks', () =>
      this.#chunks.bulkWrite(operations, { ordered: false }),
    );
    return done.upsertedCount;
  }

  /** Drops those among them that stand nowhere. One that somebody puts meanwhile is another than was looked at, and stays. */
  async dropUnplaced(hashes: readonly string[]): Promise<void> {
    for (let at = 0; at < hashes.length; at += AT_ONCE) await this.#dropSome(hashes.slice(at, at + AT_ONCE));
  }

  /** The same for all that there are. */
  async dropAllUnplaced(): Promise<void> {
    const place = { from: 'places', localField: '_id', foreignField: 'chunk', as: 'placed' };
    const first = [{ $limit: 1 }, { $project: { _id: 1 } }];
    const rows = await operation('looking for chunks that stand nowhere', () =>
      this.#chunks
        .aggregate<{ _id: string }>([
          { $project: { _id: 1 } },
          { $lookup: { ...place, pipeline: first } },
          { $match: { placed: [] } },
        ])
        .toArray(),
    );
    await this.dropUnplaced(rows.map(({ _id }) => _id));
  }

  /** About how many there are. */
  async count(): Promise<number> {
    return operation('counting the chunks', () => this.#chunks.estimatedDocumentCount());
  }

  async #dropSome(hashes: readonly string[]): Promise<void> {
    const among = { $in: [...hashes] };
    const existing = await operation('reading chunks', () =>
      this.#chunks.find({ _id: among }, { projection: { put: 1 } }).toArray(),
    );
    const placed = await this.#places.known(hashes);
    const operations = existing
      .filter(({ _id }) => !placed.has(_id))
      .map(({ _id, put }) => ({ deleteOne: { filter: { _id, put } } }));
    if (operations.length === 0) return;
    await operation('dropping chunks', () => this.#chunks.bulkWrite(operations, { ordered: false }));
  }
}
