import { setTimeout as delay } from 'node:timers/promises';
import type { MongoClient } from 'mongodb';
import type { FoundPiece, ReadStretch, Stretch } from '../../../../stages/evidence/finder.ts';
import { asFailure } from '../../../../streams/failure.ts';
import type { SpaceTally, VectorSearch, WantedByVector } from '../../../documents/vectors/vector-index.ts';
import { connect } from '../connect.ts';
import { PieceReader } from './piece-reader.ts';
import { MongoSearch } from './search.ts';
import { VectorStore } from './vector-store.ts';

const AGAIN_AFTER_MS = 1_000;

type Connected = Readonly<{
  client: MongoClient;
  search: MongoSearch;
  pieces: PieceReader;
  vectors: VectorStore;
}>;

/** Searches the index on MongoDB. A server that is away is waited for: no question is to blame. */
export class MongoFinder implements VectorSearch {
  readonly #uri: string;
  readonly #namespace: string;
  readonly #closed = new AbortController();
  #connected: Promise<Connected> | undefined;

  constructor(uri: string, namespace: string) {
    this.#uri = uri;
    this.#namespace = namespace;
  }

  find(wanted: WantedByVector): Promise<readonly FoundPiece[]> {
    return this.#patiently(({ search }) => search.pieces(wanted));
  }

  read(stretch: Stretch): Promise<ReadStretch | undefined> {
    return this.#patiently(({ pieces }) => pieces.ofStretch(stretch));
  }

  spaces(): Promise<readonly SpaceTally[]> {
    return this.#patiently(({ vectors }) => vectors.spaces());
  }

  async #patiently<T>(ask: (connected: Connected) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await ask(await this.#open());
      } catch (error) {
        const failure = asFailure(error);
        if (failure.code !== 'mongo_unavailable' || this.#closed.signal.aborted) throw failure;
        await delay(AGAIN_AFTER_MS, undefined, { signal: this.#closed.signal }).catch(() => undefined);
      }
    }
  }

  async close(): Promise<void> {
    this.#closed.abort();
    const connected = await this.#connected?.catch(() => undefined);
    await connected?.client.close();
  }

  #open(): Promise<Connected> {
    this.#connected ??= this.#connect().catch((error: unknown) => {
      this.#connected = undefined;
      throw error;
    });
    return this.#connected;
  }

  async #connect(): Promise<Connected> {
    const client = await connect(this.#uri);
    const db = client.db(this.#namespace);
    return {
      client,
      search: new MongoSearch(db),
      pieces: new PieceReader(db),
      vectors: new VectorStore(db),
    };
  }
}
