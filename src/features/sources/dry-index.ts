import type {
  DocumentIndex,
  KnownDocument,
  ReadDocument,
} from '../../infra/documents/index/document-index.ts';

/** What a reading would put into an index: documents are read, and nothing is written. */
export class DryIndex implements DocumentIndex {
  readonly #index: DocumentIndex | undefined;
  readonly #made = new Set<string>();
  #characters = 0;

  /** @param index what stands already; absent where there is none yet. */
  constructor(index: DocumentIndex | undefined) {
    this.#index = index;
  }

  get mark() {
    return this.#index?.mark ?? '';
  }

  /** Of the chunks that nobody knew. */
  get characters(): number {
    return this.#characters;
  }

  async sources() {
    return (await this.#index?.sources()) ?? [];
  }

  async source(name: string) {
    return this.#index?.source(name);
  }

  async documents(name: string) {
    return (await this.#index?.documents(name)) ?? new Map<string, KnownDocument>();
  }

  async knownChunks(hashes: readonly string[]) {
    return (await this.#index?.knownChunks(hashes)) ?? new Set<string>();
  }

  async put(_name: string, documents: readonly ReadDocument[]): Promise<number> {
    const chunks = documents.flatMap((read) => read.chunks ?? []);
    const known = await this.knownChunks(chunks.map(({ hash }) => hash));
    const before = this.#made.size;
    for (const { hash, text, heading } of chunks) {
      if (known.has(hash) || this.#made.has(hash)) continue;
      this.#made.add(hash);
      this.#characters += text.length + heading.length;
    }
    return this.#made.size - before;
  }

  begin(): void {}
  end(): void {}
  drop(): void {}
  remove(): void {}
  shred(): void {}
  close(): Soon {
    return this.#index?.close();
  }
}

type Soon = void | Promise<void>;
