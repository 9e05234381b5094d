import type { DocumentIndex, ReadDocument } from '../../infra/documents/index/document-index.ts';

/** As many as go into one transaction. */
const MOST_CHUNKS = 150;
const MOST_DOCUMENTS = 100;
/** Of its lease: whoever reads slow files shows a sign of life all the same. */
const MOST_MS = 5_000;

/** Documents of a source on their way into an index: small ones go together, since every commit has its price. */
export class PutBatch {
  readonly #index: DocumentIndex;
  readonly #source: string;
  #waiting: ReadDocument[] = [];
  #chunks = 0;
  #sinceMs = 0;
  #newChunks = 0;

  constructor(index: DocumentIndex, source: string) {
    this.#index = index;
    this.#source = source;
  }

  /** How many chunks nobody knew, of all that were put. */
  get newChunks(): number {
    return this.#newChunks;
  }

  async add(read: ReadDocument): Promise<void> {
    const { length = 0 } = read.chunks ?? [];
    if (this.#chunks + length > MOST_CHUNKS) await this.flush();
    if (this.#waiting.length === 0) this.#sinceMs = performance.now();
    this.#waiting.push(read);
    this.#chunks += length;
    const isFull = this.#chunks >= MOST_CHUNKS || this.#waiting.length >= MOST_DOCUMENTS;
    if (isFull || performance.now() - this.#sinceMs > MOST_MS) await this.flush();
  }

  /** Puts what waits. */
  async flush(): Promise<void> {
    if (this.#waiting.length === 0) return;
    this.#newChunks += await this.#index.put(this.#source, this.#waiting);
    this.#waiting = [];
    this.#chunks = 0;
  }
}
