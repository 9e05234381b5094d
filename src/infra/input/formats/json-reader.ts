import { parseExact } from '../../../stages/text/parse-exact.ts';
import { errorText } from '../../../streams/failure.ts';
import { badEntry, type TextEntry } from '../entry-text.ts';
import type { RowEntry, RowReader } from './row.ts';

/** JSON Lines: a line is a JSON value; blank lines are skipped. */
export const jsonLineReader: RowReader = (entry) => (entry.text === '' ? undefined : jsonMemberReader(entry));

/** The members of a JSON array: each is a JSON value. */
export function jsonMemberReader(entry: TextEntry): RowEntry {
  try {
    return { kind: 'row', entry, value: parseExact(entry.text) };
  } catch (error) {
    const mended = withoutNaN(entry.text);
    if (mended !== entry.text) return jsonMemberReader({ ...entry, text: mended });
    return badEntry(entry, `expected JSON, came something else: ${errorText(error)}`);
  }
}

/** Python writes what is no number as `NaN`, which JSON does not know: it is `null` here. */
function withoutNaN(text: string): string {
  return text.replace(
    /("(?:[^"\\]|\\.)*")|-?\b(?:NaN|Infinity)\b/g,
    (_all, quoted?: string) => quoted ?? 'null',
  );
}
