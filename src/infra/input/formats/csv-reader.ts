import { CsvError, parse } from 'csv-parse/sync';
import { grouped } from '../../../stages/text/grouped.ts';
import { badEntry, type TextEntry } from '../entry-text.ts';
import { columnFields } from '../mapping/field-names.ts';
import { type Delimiter, namedDelimiter } from './delimiter.ts';
import type { RowEntry, RowReader } from './row.ts';

const CSV_OPTIONS = { record_delimiter: '\n', relax_column_count: true, relax_quotes: true } as const;

/**
 * CSV: the first row names the columns. An empty cell is `undefined`, a row of empty cells is skipped. A row may be shorter
 * than the header, not longer: more cells mean a comma without quotes, and half a question.
 */
export function csvReader(delimiter: Delimiter = ','): RowReader {
  const cellsOf = (row: string) => cellsBy(delimiter, row);
  let columns: readonly string[] | undefined;
  return (entry) => {
    if (entry.text === '') return undefined;
    if (columns !== undefined) return readRow(columns, entry, cellsOf(entry.text));
    if (namedDelimiter(entry.text) !== undefined) return undefined;
    const cells = cellsOf(entry.text);
    columns = columnsOf(typeof cells === 'string' ? [entry.text] : cells);
    return undefined;
  };
}

/** The cells of a row, or what is wrong with it. */
type Cells = readonly string[] | string;

/** The names of the columns; of two with the same name the second is numbered, so that no cell is lost. */
function columnsOf(header: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return columnFields(header).map((name) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name}_${times}`;
  });
}

function readRow(columns: readonly string[], entry: TextEntry, cells: Cells): RowEntry | undefined {
  if (typeof cells === 'string') return badEntry(entry, cells);
  if (cells.slice(columns.length).some((cell) => cell.trim() !== '')) {
    const came = `expected ${columns.length} cells, came ${cells.length}`;
    return badEntry(entry, `${came} (a text with commas needs quotes around it)`);
  }
  const fields = columns.map((column, index) => [column, cells[index]?.trim() || undefined] as const);
  if (fields.every(([, cell]) => cell === undefined)) return undefined;
  return { kind: 'row', entry, value: Object.fromEntries(fields) };
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
  const swallowed = lines > 1 ? ` (it took ${grouped(lines)} lines into this row)` : '';
  return `expected a closing quote to every opening one, came one without${swallowed}`;
}
