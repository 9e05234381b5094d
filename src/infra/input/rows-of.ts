import { entryTextOf } from './entry-text.ts';
import type { RawEntry } from './formats/raw-entry.ts';
import type { RowEntry, RowReader } from './formats/row.ts';

/** What was cut out of an input, read: rows and bad entries; what holds nothing to read is left out. */
export function* rowsOf(raws: Iterable<RawEntry>, read: RowReader): Generator<RowEntry> {
  for (const raw of raws) {
    const text = entryTextOf(raw);
    const entry = 'kind' in text ? text : read(text);
    if (entry !== undefined) yield entry;
  }
}
