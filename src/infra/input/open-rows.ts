import { MAX_ENTRY_BYTES } from '../../stages/limits.ts';
import { Failure } from '../../streams/failure.ts';
import { hasFirstLine, type Opened, openBeginning } from './beginning.ts';
import { separatorOf } from './formats/delimiter.ts';
import { formatOf } from './formats/format-of-content.ts';
import { csv, csvBy, type InputFormat, jsonArray, jsonLines } from './formats/input-format.ts';
import { withNewlines } from './formats/line-ends.ts';
import type { OpenedRows, RowEntry } from './formats/row.ts';
import { inUtf8 } from './in-utf8.ts';
import type { InputOptions } from './input-entry.ts';
import { openWith } from './readers/open-with.ts';
import { readerOf } from './readers/reader-slot.ts';
import { rowsOfAll } from './rows-of.ts';
import { type ByteSource, openFile, openStream } from './sources/byte-source.ts';
import { isOnHub } from './sources/hub/hub-address.ts';
import { openHubBytes } from './sources/hub/hub-bytes.ts';
import { unpackedInput } from './unpack.ts';

const ROWS_FOR_A_TABLE = 20;
const NEWLINE = 0x0a;

/**
 * Opens a file, or `options.stdin` where `source` is `-`. Its rows are read as they are asked for. Throws fatal Failures:
 * `input_missing`, `input_directory`, `input_unreadable`, `input_extension`, `input_encoding`, `input_packed`, `input_binary`,
 * `input_unknown`, `bad_separator`, `bad_encoding`; and with the rows `input_empty`, `input_json`. A `.json` that breaks midway gives its
 * rows up to there and a bad entry that says so.
 */
export async function openRows(source: string, options: InputOptions): Promise<OpenedRows> {
  const reader = source === '-' ? undefined : readerOf(source);
  if (reader !== undefined) return openWith(reader, source);
  const input = await openSource(source, options);
  const text = withNewlines(inUtf8(input.name, unpackedInput(input.name, input.chunks), options.encoding));
  const opened = await openBeginning(text, input.format === csv ? hasFirstRows : hasFirstLine);
  const format = wantedFormat(input, opened, options);
  return { name: input.name, format: format.name, rows: rowsIn(input, format, opened, options) };
}

async function* rowsIn(
  input: ByteSource,
  format: InputFormat,
  { beginning, rest }: Opened,
  { limits }: InputOptions,
): AsyncGenerator<RowEntry> {
  const maxEntryBytes = limits?.maxEntryBytes ?? MAX_ENTRY_BYTES;
  let found = false;
  for await (const row of rowsOfAll(rest, format.open({ name: input.name, maxEntryBytes }))) {
    found = true;
    yield row;
  }
  if (!found) throw nothingIn(input, format, beginning.length === 0);
}

function wantedFormat(input: ByteSource, { beginning }: Opened, { separator }: InputOptions): InputFormat {
  const delimiter = separator === undefined ? undefined : separatorOf(separator);
  const isJson = input.format === jsonLines || input.format === jsonArray;
  if (delimiter !== undefined && !isJson) return csvBy(delimiter);
  return formatOf(input.name, beginning, input.format);
}

function hasFirstRows(beginning: Uint8Array): boolean {
  let rows = 0;
  for (let at = beginning.indexOf(NEWLINE); at >= 0; at = beginning.indexOf(NEWLINE, at + 1)) rows += 1;
  return rows >= ROWS_FOR_A_TABLE;
}

function openSource(source: string, { stdin }: InputOptions): Promise<ByteSource> | ByteSource {
  if (isOnHub(source)) return openHubBytes(source);
  if (source !== '-') return openFile(source);
  if (stdin !== undefined) return openStream(stdin);
  throw new Failure('fatal', 'input_missing', 'no standard input: expected a stream of questions');
}

function nothingIn({ name }: ByteSource, { expects }: InputFormat, empty: boolean): Failure {
  const came = empty ? 'is empty' : 'holds no questions';
  return new Failure('fatal', 'input_empty', `${name} ${came}: expected ${expects}`);
}
