import { basename, extname } from 'node:path';
import { Failure } from '../../streams/failure.ts';
import type { ExtractedText } from './text/block.ts';
import { decoded } from './text/decode.ts';
import { markdownText, plainText } from './text/plain-blocks.ts';

/** What makes texts of files of some kinds. */
type Extractor = Readonly<{
  name: string;
  /** Another one extracts every file again. */
  version: string;
  types: readonly string[];
  extract(bytes: Uint8Array, name: string): Promise<ExtractedText>;
}>;

const EXTRACTORS: readonly Extractor[] = [
  {
    name: 'markdown',
    version: '1',
    types: ['.md', '.markdown'],
    extract: async (bytes, name) => markdownText(decoded(bytes), name),
  },
  {
    name: 'text',
    version: '1',
    types: ['.txt', '.text'],
    extract: async (bytes, name) => plainText(decoded(bytes), name),
  },
];

/** Endings of the files that are read, such as `.md`. */
export const DOCUMENT_TYPES: readonly string[] = EXTRACTORS.flatMap(({ types }) => types);

/** Longer texts are refused. */
const MOST_CHARACTERS = 20_000_000;

/** What reads the file; `undefined` where nothing does. */
export function extractorOf(
  path: string,
): Readonly<{ id: string; extract: Extractor['extract'] }> | undefined {
  const type = extname(path).toLowerCase();
  const found = EXTRACTORS.find(({ types }) => types.includes(type));
  if (found === undefined) return undefined;
  return {
    id: `${found.name}/${found.version}`,
    extract: async (bytes, name) => bounded(await found.extract(bytes, name), name),
  };
}

function bounded(extracted: ExtractedText, name: string): ExtractedText {
  const { length } = extracted.text;
  if (extracted.text.trim() === '') throw refusal('no_text', `${basename(name)}: holds no text.`);
  if (length <= MOST_CHARACTERS) return extracted;
  throw refusal('too_long', `${basename(name)}: more than ${MOST_CHARACTERS} characters of text; refused.`);
}

/** A file that cannot be a document; the others go on. */
function refusal(code: string, message: string, cause?: unknown): Failure {
  return new Failure('poison', code, message, cause === undefined ? {} : { cause });
}
