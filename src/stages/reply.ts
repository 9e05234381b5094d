import { jsonrepair } from 'jsonrepair';

// At the start of a line: fences inside a JSON text stand behind its quotes.
const FENCE = /(?:^|\n)[ \t]*```(?:json)?([\s\S]*?)```/i;

/**
 * The JSON value in a model's reply: the whole of it, or what stands in a code fence, or the outermost braces in a chat,
 * mended where a model typically slips (trailing commas, single quotes). `undefined` if there is none. Text that was cut
 * short is not mended: half an answer must not pass for a whole one.
 */
export function jsonIn(reply: string): unknown {
  const text = reply.trim();
  const fenced = FENCE.exec(text)?.[1];
  const braced = bracesIn(text);
  for (const candidate of [text, fenced, braced]) {
    const value = candidate === undefined ? undefined : parsed(candidate);
    if (value !== undefined) return value;
  }
  return braced === undefined ? undefined : parsed(repaired(braced));
}

function bracesIn(text: string): string | undefined {
  const from = text.indexOf('{');
  const to = text.lastIndexOf('}');
  return from >= 0 && to > from ? text.slice(from, to + 1) : undefined;
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function repaired(text: string): string {
  try {
    return isWhole(text) ? jsonrepair(text) : '';
  } catch {
    return '';
  }
}

/**
 * Whether the bracket that opens the text is closed by its last character and not before: nothing was cut off. Brackets
 * inside quoted texts do not count.
 */
function isWhole(text: string): boolean {
  let depth = 0;
  let quote = '';
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (quote !== '') {
      if (character === '\\') index += 1;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      depth -= 1;
      if (depth === 0) return index === text.length - 1;
    }
  }
  return false;
}
