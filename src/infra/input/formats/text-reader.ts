import type { EntryParser } from '../entry-parser.ts';
import type { EntryReader } from './entry-reader.ts';

/** Plain text: a line is a question; blank lines are skipped. */
export function textReader(parser: EntryParser): EntryReader {
  return (entry) => (entry.text === '' ? undefined : parser.parseFields(entry, [['question', entry.text]]));
}
