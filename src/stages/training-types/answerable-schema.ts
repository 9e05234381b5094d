import { z } from 'zod';
import { errorText } from '../../streams/failure.ts';
import { isObject } from '../text/json.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Keywords that servers which enforce a schema refuse, wherever they stand. */
export const UNSAYABLE_KEYWORDS = ['allOf', 'not', 'if', 'prefixItems', 'patternProperties', 'dependencies'];

/**
 * Why a model cannot be asked for such a value, as the end of "its schema …"; `undefined` where it can. Servers that enforce
 * a schema take objects whose fields are all there, lists, texts, numbers, choices and unions.
 * @param field what the schema is called where it is defined.
 */
export function faultInAnswer(schema: unknown, field: 'candidate' | 'result'): string | undefined {
  if (!isZod(schema)) return `is none: expected ${field} to be a schema of zod 4, such as z.object({ … })`;
  try {
    return faultInSchema(z.toJSONSchema(schema, { target: 'draft-7', io: 'output' }));
  } catch (error) {
    return `cannot be said to a model (${errorText(error)}): expected what JSON Schema can say`;
  }
}

/** The same of a JSON schema (draft 7). */
function faultInSchema(schema: Schema): string | undefined {
  if (schema['type'] !== 'object') return 'has no object at its root: wrap it, as in z.object({ items: … })';
  return faultAt(schema, '');
}

function faultAt(schema: Schema, at: string): string | undefined {
  const where = at === '' ? '' : ` at ${at}`;
  const beyond = UNSAYABLE_KEYWORDS.find((keyword) => keyword in schema);
  if (beyond !== undefined || Array.isArray(schema['items']))
    return `cannot be said to a model${where} (${beyond ?? 'a tuple'}): expected objects, lists, texts, numbers, choices and unions`;
  return faultInObject(schema, at, where) ?? firstFault(innerOf(schema, at));
}

function faultInObject(schema: Schema, at: string, where: string): string | undefined {
  if (isObject(schema['additionalProperties']) || 'propertyNames' in schema)
    return `has a map with free keys${where}: expected a list of objects, such as { name, value }`;
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
  const optional = Object.keys(asSchema(schema['properties'])).find((name) => !required.has(name));
  if (optional === undefined) return undefined;
  return `has the optional field ${joined(at, optional)}: expected .nullable(), which a model has to answer`;
}

function innerOf(schema: Schema, at: string): readonly (readonly [Schema, string])[] {
  const named = ['properties', '$defs', 'definitions'].flatMap((keyword) =>
    Object.entries(asSchema(schema[keyword])).map(
      ([name, inner]) => [asSchema(inner), joined(at, name)] as const,
    ),
  );
  const options = ['anyOf', 'oneOf'].flatMap((keyword) => {
    const list = schema[keyword];
    return Array.isArray(list) ? list.map((inner) => [asSchema(inner), at] as const) : [];
  });
  const items = isObject(schema['items']) ? [[schema['items'], `${at}[]`] as const] : [];
  return [...named, ...options, ...items];
}

function firstFault(parts: readonly (readonly [Schema, string])[]): string | undefined {
  for (const [schema, at] of parts) {
    const fault = faultAt(schema, at);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function joined(at: string, name: string): string {
  return at === '' ? name : `${at}.${name}`;
}

function asSchema(value: unknown): Schema {
  return isObject(value) ? value : {};
}

/** By its inner parts and not by its class: a plugin may bring a copy of zod of its own. */
function isZod(value: unknown): value is z.ZodType {
  return isObject(value) && '_zod' in value && typeof value['safeParse'] === 'function';
}
