import { Failure } from '../../../streams/failure.ts';
import { columnField } from '../mapping/field-names.ts';
import { recognise } from '../mapping/recognise.ts';

const DELIMITERS = [',', ';', '\t', '|'] as const;
/** One ASCII character that divides the columns of a table. */
export type Delimiter = string;

const ROWS_LOOKED_AT = 20;
/** Excel's first line `sep=;` names the delimiter, in quotes or not. */
const NAMED = /^"?sep=([,;\t|])"?$/i;

/** The delimiter that a row says by `sep=;`, if it is such a row. */
export function namedDelimiter(row: string): Delimiter | undefined {
  const named = NAMED.exec(row)?.[1];
  return DELIMITERS.find((each) => each === named);
}

/** What `--separator` says: a character, or `tab`. Throws a fatal Failure `bad_separator`. */
export function separatorOf(text: string): Delimiter {
  if (/^(?:tab|\\t|\t)$/i.test(text)) return '\t';
  if (/^[!-~]$/.test(text) && text !== '"') return text;
  const message = `--separator: expected one character such as ; or |, or tab, came ${JSON.stringify(text)}.`;
  throw new Failure('fatal', 'bad_separator', message);
}

/** What divides the columns of a table with this first row: that which gives most columns, if they have a known form. */
export function delimiterOf(row: string): Delimiter | undefined {
  const named = namedDelimiter(row);
  if (named !== undefined) return named;
  const found = DELIMITERS.map((each) => ({ each, columns: columnsOf(row, each) })).filter(({ columns }) =>
    isKnown(columns),
  );
  return found.sort((a, b) => b.columns.length - a.columns.length)[0]?.each;
}

/** Whether the columns alone tell what the rows are. One column is told by `question` only: a text may begin with any word. */
function isKnown(columns: readonly string[]): boolean {
  if (columns.includes('question')) return true;
  return (
    columns.length > 1 && recognise(Object.fromEntries(columns.map((name) => [name, name]))) !== undefined
  );
}

/**
 * What divides the columns of a table by its first rows: that which stands outside quotes, equally often in each, and gives
 * most columns. A comma where none does.
 */
export function delimiterByRows(beginning: string): Delimiter {
  const rows = rowsIn(beginning).slice(0, ROWS_LOOKED_AT);
  const found = DELIMITERS.map((each) => ({ each, counts: rows.map((row) => row.split(each).length - 1) }));
  const even = found.filter(
    ({ counts: [first = 0, ...more] }) => first > 0 && more.every((n) => n === first),
  );
  const inHeader = found.filter(({ counts }) => (counts[0] ?? 0) > 0);
  const best = (even.length > 0 ? even : inHeader).sort((a, b) => (b.counts[0] ?? 0) - (a.counts[0] ?? 0))[0];
  return best?.each ?? ',';
}

/** The rows that are there as a whole, without their quoted texts. */
function rowsIn(beginning: string): readonly string[] {
  const bare = beginning.replace(/"(?:[^"]|"")*"/g, '');
  const lines = bare.split('\n').map((line) => line.trimEnd());
  const whole = lines.length > 1 ? lines.slice(0, -1) : lines;
  return whole.filter((line) => line !== '');
}

function columnsOf(row: string, delimiter: Delimiter): readonly string[] {
  return row.split(delimiter).map((cell) => columnField(cell.trim().replace(/^"(.*)"$/, '$1')));
}
