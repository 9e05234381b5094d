import { entryTextOf } from './entry-text.ts';
import type { InputFormat } from './formats/input-format.ts';
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

/**
 * The same of a whole input in an opened format.
 * @param isWhole whether what stands behind the last cut is an entry too: asked once the chunks have ended.
 */
export async function* rowsOfAll(
  chunks: AsyncIterable<Uint8Array>,
  { splitter, read }: ReturnType<InputFormat['open']>,
  isWhole: () => boolean = () => true,
): AsyncGenerator<RowEntry> {
  for await (const chunk of chunks) yield* rowsOf(splitter.push(chunk), read);
  if (isWhole()) yield* rowsOf(splitter.end(), read);
}
