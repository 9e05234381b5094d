/** A lowest and a highest that a schema may name, and whether both may be the same. */
const BOUNDS = [
  ['minLength', 'maxLength', true],
  ['minItems', 'maxItems', true],
  ['minProperties', 'maxProperties', true],
  ['minimum', 'maximum', true],
  ['minimum', 'exclusiveMaximum', false],
  ['exclusiveMinimum', 'maximum', false],
  ['exclusiveMinimum', 'exclusiveMaximum', false],
] as const;

/** More than an answer may hold. */
const BEYOND = { minLength: 200_000, minItems: 10_000 } as const;

/** Why nothing at all fits the schema, by what stands in it itself; `undefined` where something may. */
export function faultInFit(schema: Readonly<Record<string, unknown>>): string | undefined {
  for (const [lowest, highest, alike] of BOUNDS) {
    const [from, to] = [schema[lowest], schema[highest]];
    if (typeof from !== 'number' || typeof to !== 'number') continue;
    if (alike ? from > to : from >= to) return `${lowest} ${from} leaves nothing below ${highest} ${to}`;
  }
  for (const [lowest, most] of Object.entries(BEYOND)) {
    const from = schema[lowest];
    if (typeof from === 'number' && from > most)
      return `${lowest} ${from} is more than an answer holds (${most})`;
  }
  if (Array.isArray(schema['enum']) && schema['enum'].length === 0) return 'enum names no value';
  return schema['type'] === 'object' ? faultInObject(schema) : undefined;
}

function faultInObject({ properties, required }: Readonly<Record<string, unknown>>): string | undefined {
  const names = Object.keys(Object(properties ?? {}));
  if (names.length === 0) return 'an object has no properties';
  const asked: readonly unknown[] = Array.isArray(required) ? required : [];
  const missing = asked.find((name) => !names.includes(String(name)));
  return missing === undefined
    ? undefined
    : `required names ${JSON.stringify(missing)}, which is no property; there are ${names.join(', ')}`;
}
