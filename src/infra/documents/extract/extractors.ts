import { basename, extname } from 'node:path';
import type { ExtractedText } from '../text/block.ts';
import { decoded, isBinary } from '../text/decode.ts';
import { markdownText, plainText } from '../text/plain-blocks.ts';
import { ExtractorChild } from './extractor-child.ts';
import { refusal } from './refusal.ts';
import { rowsFile, type TextFields } from './rows.ts';

/** What makes texts of files of some kinds. Another version extracts every file again. */
type Extractor = Readonly<{ name: string; version: string; types: readonly string[] }>;

const EXTRACTORS = [
  { name: 'markdown', version: '1', types: ['.md', '.markdown'] },
  { name: 'text', version: '1', types: ['.txt', '.text'] },
  { name: 'pdf', version: '1', types: ['.pdf'] },
  { name: 'docx', version: '1', types: ['.docx'] },
  { name: 'html', version: '1', types: ['.html', '.htm', '.xhtml'] },
  { name: 'epub', version: '1', types: ['.epub'] },
  { name: 'rows', version: '1', types: ['.csv', '.tsv', '.jsonl'] },
] as const satisfies readonly Extractor[];

/** Endings of the files that are read, such as `.md`. */
export const DOCUMENT_TYPES: readonly string[] = EXTRACTORS.flatMap(({ types }) => types);

/** Longer texts are refused. */
const MOST_CHARACTERS = 20_000_000;

/** Names what reads the file, with its version; `undefined` where nothing does. */
export function extractorOf(path: string, { text, title }: TextFields = {}): string | undefined {
  const found = extractorFor(path);
  if (found === undefined) return undefined;
  const columns = found.name === 'rows' ? [text, title].filter((field) => field !== undefined) : [];
  return [found.name, found.version, ...columns].join('/');
}

function extractorFor(path: string) {
  const type = extname(path).toLowerCase();
  return EXTRACTORS.find(({ types }) => types.some((each) => each === type));
}

/** A file by its path in its source, which names it, and by that on the disk. */
export type ReadFile = Readonly<{ path: string; file: string }>;

/** Reads files: text and Markdown here, everything that needs a parser in a child process. To be closed. */
export class Extractors {
  readonly #child: ExtractorChild;

  constructor(child = new ExtractorChild()) {
    this.#child = child;
  }

  /** Throws a Failure of kind `poison` that begins with the file's name where it cannot be read. */
  async extract(
    { path, file }: ReadFile,
    bytes: Uint8Array,
    fields: TextFields = {},
  ): Promise<ExtractedText> {
    const name = basename(path);
    const extracted = await (extractorFor(path)?.name === 'rows'
      ? rowsFile(file, name, fields)
      : this.#read(path, bytes, name));
    if (extracted.text.trim() === '') throw refusal('no_text', `${name}: holds no text.`);
    if (extracted.text.length <= MOST_CHARACTERS) return extracted;
    throw refusal('too_long', `${name}: more than ${MOST_CHARACTERS} characters of text; refused.`);
  }

  #read(path: string, bytes: Uint8Array, name: string): Promise<ExtractedText> {
    const kind = extractorFor(path)?.name;
    switch (kind) {
      case 'markdown':
        return Promise.resolve(markdownText(textOf(bytes, name), name));
      case 'text':
        return Promise.resolve(plainText(textOf(bytes, name), name));
      case undefined:
        throw refusal('unknown_kind', `${name}: nothing reads such files.`);
      default:
        return this.#child.extract(kind, bytes, name);
    }
  }

  close(): void {
    this.#child.close();
  }
}

function textOf(bytes: Uint8Array, name: string): string {
  if (isBinary(bytes))
    throw refusal(
      'not_text',
      `${name}: holds NUL bytes, so it is no text. If it is UTF-16, save it as UTF-8, or with its byte order mark.`,
    );
  return decoded(bytes);
}
