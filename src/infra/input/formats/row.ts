import type { TextEntry } from '../entry-text.ts';
import type { BadEntry } from '../input-entry.ts';

/** One row of an input, not yet understood: a text, or an object of fields by their names as they came. */
export type InputRow = Readonly<{ kind: 'row'; entry: TextEntry; value: unknown }>;

export type RowEntry = InputRow | BadEntry;

/**
 * Reads one entry of a format, given in the order of the input; `undefined` if there is nothing to read in it (a blank
 * line, a CSV header). It never throws.
 */
export type RowReader = (entry: TextEntry) => RowEntry | undefined;

/** An input whose format is known. */
export type OpenedRows = Readonly<{
  name: string;
  /** What it is, for people. */
  format: string;
  rows: AsyncIterable<RowEntry>;
}>;
