/** White space, and what changes a terminal or the direction of what is read. */
const BLANK = /[\s\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** A text as it stands, in a table's cell: nothing in it is read as Markdown's table syntax or as HTML. */
function cell(text: string): string {
  const plain = text.replace(BLANK, ' ').replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return plain.replace(/[\\|`*_[\]]/gu, '\\$&');
}

/** A Markdown table; empty if it has no rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const lines = [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))];
  return lines.map((row) => `| ${row.join(' | ')} |\n`).join('');
}

/** A part of a document under its heading; empty if it has no body. */
export function section(heading: string, ...bodies: readonly string[]): string {
  const body = bodies.filter((text) => text !== '').map((text) => text.trimEnd());
  return body.length === 0 ? '' : `\n## ${heading}\n\n${body.join('\n\n')}\n`;
}
