import { extname } from 'node:path';
import { csvReader } from './csv-reader.ts';
import { CsvSplitter } from './csv-splitter.ts';
import type { EntryParser } from './entry-parser.ts';
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

export const csv: Format = {
  expects: 'a header row with the column "question" and one question a row',
  open: ({ parser, name, maxEntryBytes }) => ({
    splitter: new CsvSplitter(maxEntryBytes),
    read: csvReader(parser, name),
  }),
};

const BY_EXTENSION: ReadonlyMap<string, Format> = new Map([
  ['.jsonl', jsonLines],
  ['.ndjson', jsonLines],
  ['.json', jsonArray],
  ['.csv', csv],
  ['.txt', plainText],
]);

export const EXTENSIONS: readonly string[] = [...BY_EXTENSION.keys()];

/** The format that the file's extension stands for, letter case aside. */
export function formatOfFile(path: string): Format | undefined {
  return BY_EXTENSION.get(extname(path).toLowerCase());
}

/** The format of an input without a name, from its beginning: JSON Lines if it starts with `{`, else plain text. */
export function formatOfBeginning(beginning: Uint8Array): Format {
  return new TextDecoder().decode(beginning).trimStart().startsWith('{') ? jsonLines : plainText;
}
