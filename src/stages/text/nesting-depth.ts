/** Whether objects and arrays are nested more than `depth` deep in the value; looks no deeper than that. */
export function isNestedDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === 0) return true;
  if (Array.isArray(value)) return value.some((inner) => isNestedDeeperThan(inner, depth - 1));
  // Asked of every record: the values are not gathered first.
  for (const name in value) if (isNestedDeeperThan(Reflect.get(value, name), depth - 1)) return true;
  return false;
}

/** Of shorter texts it is cheaper to look at the value. */
const LONG_CHARACTERS = 64 * 1_024;
const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [
  0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d,
];

/**
 * Whether a long JSON text is nested more than `depth` deep; `false` for every short one. To be asked before `JSON.parse`, which
 * takes seconds for a few megabytes of brackets.
 */
export function isLongAndDeep(text: string, depth: number): boolean {
  if (text.length <= LONG_CHARACTERS) return false;
  let open = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) at = endOfString(text, at);
    else if (unit === OPEN_LIST || unit === OPEN_OBJECT) open += 1;
    else if (unit === CLOSE_LIST || unit === CLOSE_OBJECT) open -= 1;
    if (open > depth) return true;
  }
  return false;
}

/** Where the string ends that begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return text.length;
}
