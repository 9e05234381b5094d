/** What a text of JSON says, where it is an array or an object: columns of tables hold both as text. Anything else is itself. */
export function jsonOrSame(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
