/** How `JSON.stringify` writes half of a character: a plain search is many times faster than a pattern. */
const ESCAPED_HALF = '\\ud';
/** Control characters other than tab and line end; a carriage return counts where no line end follows it. */
const CONTROL = /[^\P{Cc}\t\n\r]|\r(?!\n)/u;

/** What is wrong with the characters of a text; `undefined` if nothing is. */
function faultIn(text: string): string | undefined {
  if (!text.isWellFormed()) return 'half a character (one of a surrogate pair without the other)';
  const control = CONTROL.exec(text)?.[0].charCodeAt(0);
  if (control === undefined) return undefined;
  return `the control character U+${control.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The same of the first text in a value that has one. */
export function faultWithin(value: unknown): string | undefined {
  if (typeof value === 'string') return faultIn(value);
  if (typeof value !== 'object' || value === null) return undefined;
  for (const inner of Object.values(value)) {
    const fault = faultWithin(inner);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Whether all texts and names in a value are whole characters. */
export function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, inner]) => name.isWellFormed() && isWellFormed(inner));
}

/** The value with U+FFFD in place of every half of a character, in its texts and names. */
export function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name.toWellFormed(), wellFormed(inner)]),
  );
}

/** The value as JSON, with U+FFFD in place of every half of a character: as an escape, one of them spoils a whole file for its readers. */
export function wellFormedJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent);
  return text.includes(ESCAPED_HALF) ? JSON.stringify(wellFormed(value), undefined, indent) : text;
}
