import type { Block, ExtractedText } from '../text/block.ts';

/** Puts a document together, block by block. */
export class TextBuilder {
  #text = '';
  readonly #blocks: Block[] = [];
  readonly #pages: number[] = [];
  readonly #rows = { begins: [] as number[], numbers: [] as number[] };
  #title: string | undefined;

  /** @param level of a heading; the first one is the title. */
  add(text: string, level?: number): void {
    const block = text.trim();
    if (block === '') return;
    if (this.#text !== '') this.#text += '\n\n';
    const start = this.#text.length;
    this.#text += block;
    this.#blocks.push({ start, end: this.#text.length, ...(level === undefined ? {} : { level }) });
    if (level !== undefined) this.#title ??= block;
  }

  /** What is added from here on stands on the next page. */
  beginPage(): void {
    this.#pages.push(this.#next());
  }

  /** What is added from here on stands in the row of that number. */
  beginRow(number: number): void {
    this.#rows.begins.push(this.#next());
    this.#rows.numbers.push(number);
  }

  /** @param name of the document where no heading names it. */
  built(name: string, title?: string): ExtractedText {
    const named = title?.trim() || this.#title || name;
    const built = { title: named.replace(/\s+/g, ' ').slice(0, 300), text: this.#text, blocks: this.#blocks };
    return {
      ...built,
      ...(this.#pages.length === 0 ? {} : { pages: this.#pages }),
      ...(this.#rows.begins.length === 0 ? {} : { rows: this.#rows }),
    };
  }

  #next(): number {
    return this.#text === '' ? 0 : this.#text.length + 1;
  }
}
