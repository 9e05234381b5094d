import { MAX_NESTING } from '../limits.ts';
import { isNestedDeeperThan } from './nesting-depth.ts';

/** What `JSON.parse` tells a reviver of a number besides its value (https://tc39.es/proposal-json-parse-with-source/). */
type Context = Readonly<{ source?: string }>;

/** A number of more digits than a double surely keeps, or with an exponent, where JSON can have one: what has none needs no second look. */
const LONG = /(?:^|[:,[])\s*-?(?:\d[\d.]{14}|\d[\d.]*[eE])/;
/** What is nested deeper is refused at every door, and a reviver would go down into it. */
const DEEPEST = MAX_NESTING + 8;

/** A number that JavaScript cannot hold, by its digits as they came. */
export class LongNumber {
  readonly digits: string;

  constructor(digits: string) {
    this.digits = digits;
  }
}

/**
 * The value of a JSON text, in which every number that JavaScript would round is a `LongNumber`: the number of a tweet, an account
 * or a snowflake is a key to somebody's data. Throws like `JSON.parse`.
 */
export function parseExact(text: string): unknown {
  const rounded: unknown = JSON.parse(text);
  if (!LONG.test(text) || isNestedDeeperThan(rounded, DEEPEST)) return rounded;
  return JSON.parse(text, (_name, value: unknown, context?: Context) => {
    const source = context?.source;
    if (typeof value !== 'number' || source === undefined) return value;
    return isHeld(value, source) ? value : new LongNumber(source);
  });
}

/** The same of a JSON text; any other text as it is. */
export function jsonOr(text: string): unknown {
  try {
    return parseExact(text);
  } catch {
    return text;
  }
}

/** The value with the digits of its long numbers, `bigint` too, as texts. */
export function digitsAsText(value: unknown): unknown {
  if (value instanceof LongNumber) return value.digits;
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(digitsAsText);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, digitsAsText(inner)]));
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** Integers by one bound, and not by which of them a double happens to hold: a column of ids has one type. */
function isHeld(value: number, source: string): boolean {
  if (/^-?\d+$/.test(source)) return Number.isSafeInteger(value);
  return Number.isFinite(value) && digitsOf(String(value)) === digitsOf(source);
}

/** Digits and power of ten, one and the same for all ways to write a number. */
function digitsOf(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const bare = digits.replace(/0+$/, '');
  if (bare === '') return '0';
  return `${sign}${bare}e${Number(exponent) - fraction.length + digits.length - bare.length}`;
}
