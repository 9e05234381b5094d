import { extname } from 'node:path';
import { csvReader } from './csv-reader.ts';
import { CsvSplitter } from './csv-splitter.ts';
import type { Delimiter } from './delimiter.ts';
import { jsonLineReader, jsonMemberReader } from './json-reader.ts';
import { JsonSplitter } from './json-splitter.ts';
import { LineSplitter } from './line-splitter.ts';
import type { EntrySplitter } from './raw-entry.ts';
import type { RowReader } from './row.ts';

/** Plain text: a line is a question; blank lines are skipped. */
const textReader: RowReader = (entry) =>
  entry.text === '' ? undefined : { kind: 'row', entry, value: entry.text };

type FormatContext = Readonly<{ name: string; maxEntryBytes: number }>;

/** How an input is cut into entries and how an entry is read. Both keep state: open one for each input. */
export type InputFormat = Readonly<{
  /** For people. */
  name: string;
  /** What an empty input lacks. */
  expects: string;
  open(context: FormatContext): Readonly<{ splitter: EntrySplitter; read: RowReader }>;
}>;

export const jsonLines: InputFormat = {
  name: 'JSON lines',
  expects: 'one JSON object with the field "question" a line',
  open: ({ maxEntryBytes }) => ({
    splitter: new LineSplitter(maxEntryBytes),
    read: jsonLineReader,
  }),
};

export const plainTextFormat: InputFormat = {
  name: 'text, a question a line',
  expects: 'one question a line',
  open: ({ maxEntryBytes }) => ({
    splitter: new LineSplitter(maxEntryBytes),
    read: textReader,
  }),
};

export const jsonArray: InputFormat = {
  name: 'a JSON array',
  expects: 'an array of questions',
  open: ({ name, maxEntryBytes }) => ({
    splitter: new JsonSplitter(name, maxEntryBytes),
    read: jsonMemberReader,
  }),
};

const NAMES: ReadonlyMap<Delimiter, string> = new Map([
  [',', 'commas'],
  [';', 'semicolons'],
  ['\t', 'tabs'],
]);

/** A table whose columns are divided by `delimiter`. */
export function csvBy(delimiter: Delimiter = ','): InputFormat {
  return {
    name: `a table with ${NAMES.get(delimiter) ?? delimiter} between its columns`,
    expects: 'a header row with the column "question" and one question a row',
    open: ({ maxEntryBytes }) => ({
      splitter: new CsvSplitter(maxEntryBytes, delimiter),
      read: csvReader(delimiter),
    }),
  };
}

export const csv: InputFormat = csvBy();
export const tsv: InputFormat = csvBy('\t');

const BY_EXTENSION: ReadonlyMap<string, InputFormat> = new Map([
  ['.jsonl', jsonLines],
  ['.ndjson', jsonLines],
  ['.json', jsonArray],
  ['.csv', csv],
  ['.tsv', tsv],
  ['.txt', plainTextFormat],
]);

const PACKED = /\.(?:gz|zst)$/i;

export const EXTENSIONS: readonly string[] = [...BY_EXTENSION.keys()];

/** The format that the file's extension stands for, letter case aside. */
export function formatOfFile(path: string): InputFormat | undefined {
  return BY_EXTENSION.get(extname(path).toLowerCase());
}

/** The same for a file that may be packed, as `.jsonl.gz` is; `packed` alone says nothing of its format. */
export function formatOfPath(path: string): Readonly<{ format: InputFormat | undefined; packed: boolean }> {
  const packed = PACKED.test(path);
  return { format: formatOfFile(path.replace(PACKED, '')), packed };
}
