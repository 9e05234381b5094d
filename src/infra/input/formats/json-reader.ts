import { parseExact } from '../../../stages/text/parse-exact.ts';
import type { EntryParser } from '../entry-parser.ts';
import type { InputEntry } from '../input-entry.ts';
import { badEntry, type TextEntry } from '../text-of.ts';
import type { EntryReader } from './entry-reader.ts';

/** JSON Lines: a line is a JSON value; blank lines are skipped. */
export function jsonLineReader(parser: EntryParser): EntryReader {
  return (entry) => (entry.text === '' ? undefined : readJson(parser, entry));
}

/** The members of a JSON array: each is a JSON value. */
export function jsonMemberReader(parser: EntryParser): EntryReader {
  return (entry) => readJson(parser, entry);
}

function readJson(parser: EntryParser, entry: TextEntry): InputEntry {
  let value: unknown;
  try {
    value = parseExact(entry.text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return badEntry(entry, `expected JSON, came something else: ${why}`);
  }
  return parser.parseValue(entry, value);
}
