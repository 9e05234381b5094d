import { Binary, type Db, type Document, MongoServerError } from 'mongodb';
import { type QueryVector, spaceKey, type VectorSpace } from '../../../documents/vectors/vector-index.ts';
import { operation } from '../operation.ts';
import { CHUNKS, type FoundChunk } from './documents.ts';

/** `CommandNotFound`, `CommandNotSupported` and `SearchNotEnabled`: servers without the process that searches by vectors. */
const NOT_OFFERED: ReadonlySet<unknown> = new Set([59, 115, 31_082]);
/** `IndexAlreadyExists`: another process made it. */
const STANDS = 68;
/** So many times those that are wanted are looked at, in a graph that leaves some out. */
const CANDIDATES = 20;
/** A server looks at no more: https://www.mongodb.com/docs/vector-search/query/aggregation-stages/vector-search-stage/ */
const MOST_CANDIDATES = 10_000;

/** What a MongoDB with a search process (Atlas, or one's own from 8.2 on) does about vectors: it indexes and finds them itself. */
export class VectorServer {
  readonly #db: Db;
  #offered: Promise<boolean> | undefined;
  readonly #prepared = new Set<string>();

  constructor(db: Db) {
    this.#db = db;
  }

  /** Whether this server does. */
  async isOffered(): Promise<boolean> {
    this.#offered ??= this.#looked().catch((error: unknown) => {
      this.#offered = undefined;
      throw error;
    });
    return this.#offered;
  }

  /** Makes the index of a space, where the server has such; it fills by and by. */
  async prepare(space: VectorSpace): Promise<void> {
    const name = spaceKey(space);
    if (this.#prepared.has(name) || !(await this.isOffered())) return;
    const field = {
      type: 'vector',
      path: `vectors.${name}`,
      numDimensions: space.dimensions,
      similarity: 'cosine',
    };
    const indexes = [{ name, type: 'vectorSearch', definition: { fields: [field] } }];
    await operation('making the index of vectors', () =>
      this.#db.command({ createSearchIndexes: CHUNKS, indexes }).catch((error: unknown) => {
        if (!(error instanceof MongoServerError && error.code === STANDS)) throw error;
      }),
    );
    this.#prepared.add(name);
  }

  async drop(space: VectorSpace): Promise<void> {
    if (!(await this.isOffered())) return;
    await operation('dropping an index of vectors', () =>
      this.#db.command({ dropSearchIndex: CHUNKS, name: spaceKey(space) }),
    );
  }

  /** The nearest chunks, the best first; `undefined` where the server finds none by vectors. */
  async nearest({ space, values }: QueryVector, limit: number): Promise<readonly FoundChunk[] | undefined> {
    if (!(await this.isOffered())) return undefined;
    const name = spaceKey(space);
    const near = {
      index: name,
      path: `vectors.${name}`,
      queryVector: Binary.fromInt8Array(values),
      numCandidates: Math.min(limit * CANDIDATES, MOST_CANDIDATES),
      limit: Math.min(limit, MOST_CANDIDATES),
    };
    const pipeline = [{ $vectorSearch: near }, { $unset: ['words', 'vectors'] }];
    const found = await operation('searching by vectors', () =>
      this.#db.runCursorCommand({ aggregate: CHUNKS, pipeline, cursor: {} }).toArray(),
    );
    return found.map(chunkOf);
  }

  async #looked(): Promise<boolean> {
    return operation('asking for the search by vectors', () =>
      this.#db.command({ listSearchIndexes: CHUNKS }).then(
        () => true,
        (error: unknown) => {
          if (error instanceof MongoServerError && NOT_OFFERED.has(error.code)) return false;
          throw error;
        },
      ),
    );
  }
}

function chunkOf(found: Document): FoundChunk {
  const { _id, heading, text, terms, headingTerms, put } = found;
  return { _id, heading, text, terms, headingTerms, put };
}
