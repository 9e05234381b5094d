/** What `JSON.parse` tells a reviver of a number besides its value (https://tc39.es/proposal-json-parse-with-source/). */
type Context = Readonly<{ source?: string }>;

/** More digits than a double surely keeps, or an exponent: what is shorter needs no second look. */
const LONG = /\d[\d.]{14}|\d[eE]/;

/**
 * The value of a JSON text, in which every number that JavaScript would round is the text of its digits instead: the number of
 * a tweet, an account or a snowflake is a key to somebody's data. Throws like `JSON.parse`.
 */
export function parseExact(text: string): unknown {
  if (!LONG.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_name, value: unknown, context?: Context) => {
    const source = context?.source;
    return typeof value === 'number' && source !== undefined && isRounded(value, source) ? source : value;
  });
}

function isRounded(value: number, source: string): boolean {
  return !Number.isFinite(value) || digitsOf(String(value)) !== digitsOf(source);
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
