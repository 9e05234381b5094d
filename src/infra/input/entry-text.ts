import type { RawEntry } from './formats/raw-entry.ts';
import { type BadEntry, keptText } from './input-entry.ts';

/** An entry as text; `label` as in RawEntry. */
export type TextEntry = Readonly<{ line: number; label: string; text: string }>;

const strict = new TextDecoder('utf-8', { fatal: true });
const lenient = new TextDecoder('utf-8');

/** A bad entry about `entry`; its label goes before the reason. */
export function badEntry(entry: TextEntry, reason: string): BadEntry {
  const full = entry.label === '' ? reason : `${entry.label}: ${reason}`;
  return { kind: 'bad', line: entry.line, reason: full, text: keptText(entry.text) };
}

const NOT_UTF8 =
  'not valid UTF-8: expected UTF-8 text, came other bytes (say what it is: --encoding windows-1252)';

/** The raw entry as text without white space around it, or a bad entry if it is broken or not UTF-8. */
export function entryTextOf(raw: RawEntry): TextEntry | BadEntry {
  const { line, label } = raw;
  if (raw.kind === 'broken') {
    return badEntry({ line, label, text: lenient.decode(raw.head) }, raw.reason);
  }
  try {
    const text = strict.decode(raw.bytes).trim();
    return raw.bytes.includes(0)
      ? badEntry({ line, label, text }, 'expected text, came a zero byte')
      : { line, label, text };
  } catch {
    return badEntry({ line, label, text: lenient.decode(raw.bytes) }, NOT_UTF8);
  }
}
