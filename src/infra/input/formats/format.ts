import { extname } from 'node:path';
import type { EntryParser } from '../entry-parser.ts';
import { csvReader } from './csv-reader.ts';
import { CsvSplitter } from './csv-splitter.ts';
import type { Delimiter } from './delimiter.ts';
import type { EntryReader } from './entry-reader.ts';
import { jsonLineReader, jsonMemberReader } from './json-reader.ts';
import { JsonSplitter } from './json-splitter.ts';
import { LineSplitter } from './line-splitter.ts';
import type { EntrySplitter } from './raw-entry.ts';
import { textReader } from './text-reader.ts';

type FormatContext = Readonly<{ parser: EntryParser; name: string; maxEntryBytes: number }>;

/** How an input is cut into entries and how an entry is read. Both keep state: open one for each input. */
export type Format = Readonly<{
  /** What an empty input lacks. */
  expects: string;
  open(context: FormatContext): Readonly<{ splitter: EntrySplitter; read: EntryReader }>;
}>;

export const jsonLines: Format = {
  expects: 'one JSON object with the field "question" a line',
  open: ({ parser, maxEntryBytes }) => ({
    splitter: new LineSplitter(maxEntryBytes),
    read: jsonLineReader(parser),
  }),
};

export const plainText: Format = {
  expects: 'one question a line',
  open: ({ parser, maxEntryBytes }) => ({
    splitter: new LineSplitter(maxEntryBytes),
    read: textReader(parser),
  }),
};

export const jsonArray: Format = {
  expects: 'an array of questions',
  open: ({ parser, name, maxEntryBytes }) => ({
    splitter: new JsonSplitter(name, maxEntryBytes),
    read: jsonMemberReader(parser),
  }),
};

/** A table whose columns are divided by `delimiter`. */
export function csvBy(delimiter: Delimiter = ','): Format {
  return {
    expects: 'a header row with the column "question" and one question a row',
    open: ({ parser, name, maxEntryBytes }) => ({
      splitter: new CsvSplitter(maxEntryBytes, delimiter),
      read: csvReader(parser, name, delimiter),
    }),
  };
}

export const csv: Format = csvBy();

const BY_EXTENSION: ReadonlyMap<string, Format> = new Map([
  ['.jsonl', jsonLines],
  ['.ndjson', jsonLines],
  ['.json', jsonArray],
  ['.csv', csv],
  ['.tsv', csv],
  ['.txt', plainText],
]);

const PACKED = /\.(?:gz|zst)$/i;

export const EXTENSIONS: readonly string[] = [...BY_EXTENSION.keys()];

/** The format that the file's extension stands for, letter case aside. */
export function formatOfFile(path: string): Format | undefined {
  return BY_EXTENSION.get(extname(path).toLowerCase());
}

/** The same for a file that may be packed, as `.jsonl.gz` is; `packed` alone says nothing of its format. */
export function formatNamed(path: string): Readonly<{ format: Format | undefined; packed: boolean }> {
  const packed = PACKED.test(path);
  return { format: formatOfFile(path.replace(PACKED, '')), packed };
}
