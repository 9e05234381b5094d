import { jsonrepair } from 'jsonrepair';
import { parseJson } from '../../text/json.ts';
import { backslashesIn } from './backslashes.ts';
import { bracketsIn, isWhole } from './braces-in.ts';

/**
 * What a reply holds. `unclear`: there is JSON, and a backslash in it, at `what`, that can be read in two ways: an example
 * must not lose one.
 */
export type Reading =
  | Readonly<{ kind: 'value'; value: object }>
  | Readonly<{ kind: 'unclear'; what: string }>
  | Readonly<{ kind: 'none' }>;

// At the start of a line: fences inside a JSON text stand behind its quotes.
const FENCES = /(?:^|\n)[ \t]*```(?:json)?([\s\S]*?)```/gi;

/** A reply is searched for so many fences, and for so many pairs of brackets. */
const MOST_PLACES = 20;
/** Longer texts are not mended: jsonrepair takes time that grows with the square of some. */
const LONGEST_MENDED = 64 * 1024;
const NONE: Reading = { kind: 'none' };

/**
 * The JSON value in a model's reply: the whole of it (also as a text within a text), or what stands in a code fence, or the
 * outermost braces in a chat, mended where a model typically slips (single backslashes, trailing commas, single quotes).
 * Text that was cut short is not mended: half an answer must not pass for a whole one.
 */
export function jsonIn(reply: string): Reading {
  const text = reply.trim();
  const within = textIn(text);
  if (within !== undefined) return jsonIn(within);
  const whole = read(text, parsed);
  if (whole.kind !== 'none') return whole;
  const fenced = [...text.matchAll(FENCES)].slice(0, MOST_PLACES).map((match) => match[1] ?? '');
  const braced = bracesIn(text);
  const outermost = braced === undefined ? [] : [braced];
  for (const candidate of [...fenced, ...outermost]) {
    const reading = read(candidate, parsed);
    if (reading.kind !== 'none') return reading;
  }
  // Of two answers nobody knows which is meant.
  const [one, ...more] = bracketsIn(text, MOST_PLACES)
    .map((candidate) => read(candidate, parsed))
    .filter(({ kind }) => kind !== 'none');
  if (one !== undefined) return more.length === 0 ? one : NONE;
  return braced === undefined ? NONE : read(braced, mended);
}

function bracesIn(text: string): string | undefined {
  const from = text.indexOf('{');
  const to = text.lastIndexOf('}');
  return from >= 0 && to > from ? text.slice(from, to + 1) : undefined;
}

function read(text: string, parse: (text: string) => object | undefined): Reading {
  const written = backslashesIn(text);
  const value = parse(written.kind === 'doubled' ? text : written.text);
  if (value === undefined) return NONE;
  return written.kind === 'unclear' ? { kind: 'unclear', what: written.what } : { kind: 'value', value };
}

/** The text, where the reply is a JSON text that may hold the answer. */
function textIn(text: string): string | undefined {
  if (!text.startsWith('"') || !text.includes('{')) return undefined;
  const value = parseJson(text);
  return typeof value === 'string' ? value : undefined;
}

function parsed(text: string): object | undefined {
  const value = parseJson(text);
  return typeof value === 'object' && value !== null ? value : undefined;
}

/** Mended, and with as many backslashes as before: the mender drops those that it does not know. */
function mended(text: string): object | undefined {
  if (text.length > LONGEST_MENDED || !isWhole(text)) return undefined;
  const value = parsed(repaired(text));
  return value !== undefined && backslashes(JSON.stringify(value)) >= backslashes(text) ? value : undefined;
}

function repaired(text: string): string {
  try {
    return jsonrepair(text);
  } catch {
    return '';
  }
}

/** How many of a JSON text are meant to be read. */
function backslashes(text: string): number {
  return text.match(/\\[\s\S]/g)?.filter((each) => each === '\\\\').length ?? 0;
}
