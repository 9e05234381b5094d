import type { ReadDocument, Source, WritableIndex } from '../document-index.ts';
import type { BroughtIndex } from './index-provider.ts';
import { asked } from './open-plugin-index.ts';

/**
 * Our index, and what is written into it beside it in one of a plugin. That one is told first: whoever is killed between the two finds the
 * document as it was, and puts it again.
 */
export class MirroredIndex implements WritableIndex {
  readonly mark: string;
  readonly vectors: WritableIndex['vectors'];
  readonly #ours: WritableIndex;
  readonly #brought: BroughtIndex;
  readonly #name: string;
  readonly #licenses = new Map<string, string>();

  constructor(
    ours: WritableIndex,
    brought: BroughtIndex,
    { name, mark }: Readonly<{ name: string; mark: string }>,
  ) {
    this.vectors = ours.vectors;
    this.#ours = ours;
    this.#brought = brought;
    this.#name = name;
    this.mark = mark;
  }

  sources() {
    return this.#ours.sources();
  }

  source(name: string) {
    return this.#ours.source(name);
  }

  documents(name: string) {
    return this.#ours.documents(name);
  }

  knownChunks(hashes: readonly string[]) {
    return this.#ours.knownChunks(hashes);
  }

  begin(source: Source) {
    this.#licenses.set(source.name, source.license);
    return this.#ours.begin(source);
  }

  end(name: string) {
    return this.#ours.end(name);
  }

  async put(name: string, documents: readonly ReadDocument[]) {
    const license = this.#licenses.get(name) ?? '';
    const changed = documents.flatMap(({ document: { path, title, at }, chunks }) =>
      chunks === undefined ? [] : [{ document: { source: name, path, title, license, at }, chunks }],
    );
    const [full, empty] = [changed.filter(isFull), changed.filter((each) => !isFull(each))];
    // The empty path stands for what was forgotten of all of the source: nothing of it is there.
    for (const { document } of empty)
      if (document.path !== '') await this.#ask((index) => index.remove(name, document.path));
    if (full.length > 0) await this.#ask((index) => index.put(full));
    return this.#ours.put(name, documents);
  }

  async drop(name: string, path: string) {
    await this.#ask((index) => index.remove(name, path));
    await this.#ours.drop(name, path);
  }

  async remove(name: string) {
    await this.#ask((index) => index.remove(name));
    await this.#ours.remove(name);
  }

  shred() {
    return this.#ours.shred();
  }

  async close() {
    await this.#brought.close?.();
    await this.#ours.close();
  }

  #ask(ask: (index: BroughtIndex) => void | Promise<void>): Promise<void> {
    return asked(this.#name, () => ask(this.#brought));
  }
}

function isFull({ chunks }: Readonly<{ chunks: readonly unknown[] }>): boolean {
  return chunks.length > 0;
}
