/**
 * Whether the bracket that opens the text is closed by its last character and not before: nothing was cut off. Brackets
 * inside quoted texts do not count.
 */
export function isWhole(text: string): boolean {
  return endOfBrackets(text, 0) === text.length;
}

/** The texts between a brace and the one that closes it, from left to right: what a chatty reply may have its answer in. */
export function bracketsIn(text: string, most: number): readonly string[] {
  const found: string[] = [];
  let from = text.indexOf('{');
  while (from >= 0 && found.length < most) {
    const end = endOfBrackets(text, from);
    if (end === undefined) return found;
    found.push(text.slice(from, end));
    from = text.indexOf('{', end);
  }
  return found;
}

/** Where the first bracket at or after `from` is closed, exclusive; `undefined` if it never is. */
function endOfBrackets(text: string, from: number): number | undefined {
  let depth = 0;
  let quote = '';
  for (let index = from; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (quote !== '') {
      if (character === '\\') index += 1;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      depth -= 1;
      if (depth <= 0) return index + 1;
    }
  }
  return undefined;
}
