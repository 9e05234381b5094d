import { columnField } from '../entry-fields.ts';

const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** Excel's first line `sep=;` names the delimiter, in quotes or not. */
const NAMED = /^"?sep=([,;\t|])"?$/i;

/** The delimiter that a row says by `sep=;`, if it is such a row. */
export function namedDelimiter(row: string): Delimiter | undefined {
  const named = NAMED.exec(row)?.[1];
  return DELIMITERS.find((each) => each === named);
}

/** What divides the columns of a table with this first row: that which gives most columns, one of them `question`. */
export function delimiterOf(row: string): Delimiter | undefined {
  const named = namedDelimiter(row);
  if (named !== undefined) return named;
  const found = DELIMITERS.map((each) => ({ each, columns: columnsOf(row, each) })).filter(({ columns }) =>
    columns.includes('question'),
  );
  return found.sort((a, b) => b.columns.length - a.columns.length)[0]?.each;
}

function columnsOf(row: string, delimiter: Delimiter): readonly string[] {
  return row.split(delimiter).map((cell) => columnField(cell.trim().replace(/^"(.*)"$/, '$1')));
}
