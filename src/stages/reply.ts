import { jsonrepair } from 'jsonrepair';
import { bracketsIn, isWhole } from './brackets.ts';

// At the start of a line: fences inside a JSON text stand behind its quotes.
const FENCES = /(?:^|\n)[ \t]*```(?:json)?([\s\S]*?)```/gi;

/** A reply is searched for so many fences, and for so many pairs of brackets. */
const MOST_PLACES = 20;

/**
 * The JSON value in a model's reply: the whole of it, or what stands in a code fence, or the outermost braces in a chat,
 * mended where a model typically slips (trailing commas, single quotes). `undefined` if there is none. Text that was cut
 * short is not mended: half an answer must not pass for a whole one.
 */
export function jsonIn(reply: string): unknown {
  const text = reply.trim();
  const fenced = [...text.matchAll(FENCES)].slice(0, MOST_PLACES).map((match) => match[1] ?? '');
  const braced = bracesIn(text);
  const outermost = braced === undefined ? [] : [braced];
  for (const candidate of [text, ...fenced, ...outermost]) {
    const value = parsed(candidate);
    if (value !== undefined) return value;
  }
  // Of two answers nobody knows which is meant.
  const [one, ...more] = bracketsIn(text, MOST_PLACES).flatMap((candidate) => parsed(candidate) ?? []);
  if (one !== undefined || braced === undefined) return more.length === 0 ? one : undefined;
  return parsed(repaired(braced));
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
