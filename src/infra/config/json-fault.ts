/**
 * Where a text is no JSON, in words that quote nothing of it: settings hold secrets, and the message of the parser shows what
 * stands around the fault.
 * @param error what `JSON.parse` threw.
 */
export function jsonFault(error: unknown, text: string): string {
  const message = error instanceof Error ? error.message : '';
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) {
    const before = text.slice(0, Number(position)).split('\n');
    return `it goes wrong in line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
  }
  if (message.includes('end of JSON')) return 'it ends too early';
  return `it goes wrong in line ${lineOfToken(text)}`;
}

/** The parser names no place for a token that it did not expect: it is in the first line after which it does not expect more. */
function lineOfToken(text: string): number {
  const lines = text.split('\n');
  const at = lines.findIndex((_, index) => !mayGoOn(lines.slice(0, index + 1).join('\n')));
  return at === -1 ? lines.length : at + 1;
}

function mayGoOn(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return true;
  } catch (error) {
    return error instanceof Error && !error.message.startsWith('Unexpected token');
  }
}
