import { isObject } from '../../stages/text/json.ts';

/** A JSON schema or a part of one, as yet unread. */
export type Schema = Readonly<Record<string, unknown>>;

/** The value if it is a list, otherwise an empty one. */
export function listOrEmpty(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The named schemas of `properties`, `$defs` and the like. */
export function schemasOf(value: unknown): readonly (readonly [string, Schema])[] {
  if (!isObject(value)) return [];
  return Object.entries(value).map(([name, schema]) => [name, isObject(schema) ? schema : {}] as const);
}

/** The number a keyword holds, or `undefined`. */
export function numberAt(schema: Schema, keyword: string): number | undefined {
  const value = schema[keyword];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Follows a `$ref` within the document, such as `#/$defs/turn`. What leads nowhere is the empty schema. */
export function resolved(schema: Schema, root: Schema): Schema {
  const ref = schema['$ref'];
  if (typeof ref !== 'string') return schema;
  let at: unknown = root;
  for (const step of ref.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    at = isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  }
  return isObject(at) ? at : {};
}
