import type { EntryReader } from './formats/entry-reader.ts';
import type { RawEntry } from './formats/raw-entry.ts';
import type { InputEntry } from './input-entry.ts';
import { textOf } from './text-of.ts';

/** What was cut out of an input, read: questions and bad entries; what holds nothing to read is left out. */
export function* entriesOf(raws: Iterable<RawEntry>, read: EntryReader): Generator<InputEntry> {
  for (const raw of raws) {
    const text = textOf(raw);
    const entry = 'kind' in text ? text : read(text);
    if (entry !== undefined) yield entry;
  }
}
