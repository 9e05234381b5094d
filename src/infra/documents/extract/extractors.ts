import { basename } from 'node:path';
import type { ExtractedText } from '../text/block.ts';
import type { Extractor } from './extractor.ts';
import { ExtractorChildren } from './extractor-children.ts';
import { extractorFor } from './extractor-slot.ts';
import { refusal } from './refusal.ts';
import { rowsFile, type TextFields } from './rows.ts';
import { TEXT_READERS } from './text-readers.ts';

/** Longer texts are refused. */
const MOST_CHARACTERS = 20_000_000;

/** Names what reads the file, with its version; `undefined` where nothing does. */
export function extractorOf(path: string, { text, title }: TextFields = {}): string | undefined {
  const found = extractorFor(path);
  if (found === undefined) return undefined;
  const columns =
    found.module === 'millrace:rows' ? [text, title].filter((field) => field !== undefined) : [];
  return [found.name, found.version, ...columns].join('/');
}

/** A file by its path in its source, which names it, and by that on the disk. */
export type ReadFile = Readonly<{ path: string; file: string }>;

/** Reads files: text and Markdown here, everything that needs a parser in a child process. To be closed. */
export class Extractors {
  readonly #children = new ExtractorChildren();

  /**
   * Throws a Failure of kind `poison` that begins with the file's name where it cannot be read, `fatal` where what reads such files
   * cannot be used.
   */
  async extract(
    { path, file }: ReadFile,
    bytes: Uint8Array,
    fields: TextFields = {},
  ): Promise<ExtractedText> {
    const name = basename(path);
    const extractor = extractorFor(path);
    if (extractor === undefined) throw refusal('unknown_kind', `${name}: nothing reads such files.`);
    const extracted = await (extractor.module === 'millrace:rows'
      ? rowsFile(file, name, fields)
      : this.#read(extractor, bytes, name));
    if (extracted.text.trim() === '') throw refusal('no_text', `${name}: holds no text.`);
    if (extracted.text.length <= MOST_CHARACTERS) return extracted;
    throw refusal('too_long', `${name}: more than 20 million characters of text; cut it into smaller files.`);
  }

  async #read({ module }: Extractor, bytes: Uint8Array, name: string): Promise<ExtractedText> {
    const readText = TEXT_READERS[String(module)];
    if (readText !== undefined) return readText(bytes, name);
    return this.#children.extract(module, bytes, name);
  }

  close(): void {
    this.#children.close();
  }
}
