/** What a call of a tool keeps its arguments in, by the names of several vendors. */
const ARGUMENTS = ['arguments', 'parameters', 'input', 'properties'] as const;
const MOST_LAYERS = 3;

/**
 * What may be the answer where the value as it came is not: the one object of a list, what stands under the schema's or
 * another single name, or in a call of a tool; an object, or a text with one in it. The outermost comes first.
 */
export function* wrappedIn(value: object, layers = MOST_LAYERS): Generator<object | string> {
  if (layers === 0) return;
  for (const inner of innerOf(value)) {
    if (typeof inner === 'string' && inner.includes('{')) yield inner;
    if (typeof inner !== 'object' || inner === null) continue;
    if (!Array.isArray(inner)) yield inner;
    yield* wrappedIn(inner, layers - 1);
  }
}

function innerOf(value: object): readonly unknown[] {
  const entries = Object.entries(value);
  if (entries.length === 1) return entries.map(([, inner]) => inner);
  if (Array.isArray(value)) return [];
  return entries.filter(([name]) => ARGUMENTS.some((known) => known === name)).map(([, inner]) => inner);
}
