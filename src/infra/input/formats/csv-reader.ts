import { CsvError, parse } from 'csv-parse/sync';
import { parseExact } from '../../../stages/text/parse-exact.ts';
import { Failure } from '../../../streams/failure.ts';
import { columnField } from '../entry-fields.ts';
import type { EntryParser } from '../entry-parser.ts';
import type { InputEntry } from '../input-entry.ts';
import { listed } from '../listed.ts';
import { badEntry, type TextEntry } from '../text-of.ts';
import { type Delimiter, namedDelimiter } from './delimiter.ts';
import type { EntryReader } from './entry-reader.ts';

const CSV_OPTIONS = { record_delimiter: '\n', relax_column_count: true, relax_quotes: true } as const;

/**
 * CSV: the first row names the columns, one of which must be `question` (else a fatal Failure,
 * `input_columns`, in which `name` stands for the input). An empty cell is an absent field, a row of empty cells is
 * skipped. A row may be shorter than the header, not longer: more cells mean a comma without quotes, and half a
 * question.
 */
export function csvReader(parser: EntryParser, name: string, delimiter: Delimiter = ','): EntryReader {
  const cellsOf = (row: string) => cellsBy(delimiter, row);
  let columns: readonly string[] | undefined;
  return (entry) => {
    if (entry.text === '') return undefined;
    if (columns !== undefined) return readRow(parser, columns, entry, cellsOf(entry.text));
    if (namedDelimiter(entry.text) !== undefined) return undefined;
    columns = readHeader(name, entry, cellsOf(entry.text));
    return undefined;
  };
}

/** The cells of a row, or what is wrong with it. */
type Cells = readonly string[] | string;

function readHeader(name: string, entry: TextEntry, cells: Cells): readonly string[] {
  const found = typeof cells === 'string' ? [entry.text] : cells;
  const columns = found.map(columnField);
  if (columns.includes('question')) return columns;
  const expected =
    'expected a first row with the column "question", columns separated by commas, semicolons or tabs';
  throw new Failure('fatal', 'input_columns', `${name}: ${expected}; came ${listed('column', found)}`);
}

function readRow(
  parser: EntryParser,
  columns: readonly string[],
  entry: TextEntry,
  cells: Cells,
): InputEntry | undefined {
  if (typeof cells === 'string') return badEntry(entry, cells);
  if (cells.slice(columns.length).some((cell) => cell.trim() !== '')) {
    const came = `expected ${columns.length} cells, came ${cells.length}`;
    return badEntry(entry, `${came} (a text with commas needs quotes around it)`);
  }
  const fields: [string, unknown][] = [];
  for (const [index, column] of columns.entries()) {
    const cell = cells[index]?.trim() ?? '';
    if (cell === '') continue;
    const value = column === 'metadata' ? jsonOrText(cell) : cell;
    fields.push([column, value]);
  }
  if (fields.length === 0) return undefined;
  if (!fields.some(([column]) => column === 'question')) fields.push(['question', '']);
  return parser.parseFields(entry, fields);
}

function cellsBy(delimiter: Delimiter, row: string): Cells {
  try {
    const [cells = [], ...more] = parse(row, { ...CSV_OPTIONS, delimiter });
    return more.length === 0 ? cells : 'expected one CSV row, came several';
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (error.code === 'CSV_QUOTE_NOT_CLOSED') return unclosedQuote(row);
    return `expected a CSV row, came something else: ${error.message}`;
  }
}

function unclosedQuote(row: string): string {
  const lines = row.split('\n').length;
  const swallowed = lines > 1 ? ` (it took ${lines.toLocaleString('en-US')} lines into this row)` : '';
  return `expected a closing quote to every opening one, came one without${swallowed}`;
}

/** Text that is no JSON stays text, which the check of the metadata then reports. */
function jsonOrText(cell: string): unknown {
  try {
    return parseExact(cell);
  } catch {
    return cell;
  }
}
