import { grouped } from '../../stages/text/grouped.ts';

const SECONDS_PER_MINUTE = 60;
const SECONDS_PER_HOUR = 3_600;

/** Made when it is first used: `Intl` loads much for it. */
let compact: Intl.NumberFormat | undefined;

export function count(value: number): string {
  return grouped(value);
}

/** `1 question`, `2 questions`. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** `61.2K`. */
export function short(value: number): string {
  compact ??= new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
  return compact.format(value);
}

export function money(usd: number): string {
  return `$${usd.toFixed(usd > 0 && usd < 1 ? 4 : 2)}`;
}

/** A score with two places at most; `-` where there is none. */
export function scoreText(value: number | null | undefined): string {
  return value === undefined || value === null ? '-' : String(Math.round(value * 100) / 100);
}

/** `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const rounded = Math.round(seconds);
  if (rounded < 2 * SECONDS_PER_MINUTE) return `${rounded} s`;
  const minutes = Math.floor(rounded / SECONDS_PER_MINUTE);
  if (rounded < 2 * SECONDS_PER_HOUR) return `${minutes} min ${rounded % SECONDS_PER_MINUTE} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `$0.0123`, `$0.0123 + 2 calls of unknown price`, or `2 calls of unknown price` where no other call cost anything. */
export function cost(costUsd: number, unpricedCalls: number): string {
  if (unpricedCalls === 0) return money(costUsd);
  const unpriced = `${plural(unpricedCalls, 'call')} of unknown price`;
  return costUsd === 0 ? unpriced : `${money(costUsd)} + ${unpriced}`;
}

/** What was spent: `61.2K tokens, $0.0123`. Calls of unknown price are said, and not passed off as free. */
export function spending(tokens: number, costUsd: number, unpricedCalls: number): string {
  return `${short(tokens)} tokens, ${cost(costUsd, unpricedCalls)}`;
}

/**
 * What changes a terminal or the order in which text is read: control characters, line separators, marks of direction
 * (https://www.unicode.org/reports/tr9/), invisible letters and tags. Joiners stay: scripts and emoji need them.
 */
const UNSEEN = String.raw`\p{Zl}\p{Zp}\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}`;
const UNSAFE = new RegExp(`[\\p{Cc}${UNSEEN}]+`, 'gu');
const UNSAFE_IN_LINES = new RegExp(`[^\\P{Cc}\\n]+|[${UNSEEN}]+`, 'gu');
/** JSON escapes no more than the first 32 control characters. */
const UNSAFE_IN_JSON = new RegExp(`[\\u007f-\\u009f${UNSEEN}]`, 'gu');

/** Text of strangers on a terminal: without what could deceive its reader, cut to a length. */
export function printable(text: string, length = 200): string {
  const clean = text.replace(UNSAFE, ' ').trim();
  return clean.length > length ? `${clean.slice(0, length - 1)}…` : clean;
}

/** The same of a text of several lines, at its full length. */
export function printableLines(text: string): string {
  return text.replace(UNSAFE_IN_LINES, ' ');
}

/** A value as JSON that may go to a terminal: what could deceive its reader is escaped, which changes no value. */
export function printableJson(
  value: unknown,
  replacer?: (key: string, value: unknown) => unknown,
  space?: number,
): string {
  return JSON.stringify(value, replacer, space).replace(UNSAFE_IN_JSON, (letter) =>
    Array.from({ length: letter.length }, (_, at) => escaped(letter.charCodeAt(at))).join(''),
  );
}

function escaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}

/** A table with aligned columns. */
export function alignedColumns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const COLUMNS = 80;

/** The text as lines of 80 columns at most, broken between words; each begins with the margin, all but the first with two spaces more. */
export function wrapped(text: string, margin = '', width = COLUMNS): string[] {
  const lines: string[] = [];
  let line = margin;
  for (const word of text.split(' ')) {
    const longer = line.trim() === '' ? line + word : `${line} ${word}`;
    if (longer.length <= width || line.trim() === '') line = longer;
    else {
      lines.push(line);
      line = `${margin}  ${word}`;
    }
  }
  return [...lines, line];
}
