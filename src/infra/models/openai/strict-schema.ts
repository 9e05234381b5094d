import { isObject } from '../../../stages/text/json.ts';
import { UNSAYABLE_KEYWORDS } from '../../../stages/training-types/answerable-schema.ts';
import { listOrEmpty, type Schema, schemasOf } from '../json-schema.ts';

// Everything else, such as minLength or pattern, is refused by servers that enforce a schema strictly.
const KEPT = ['$ref', 'type', 'description', 'title', 'enum', 'const', 'required'];

/**
 * The schema in the subset that `strict: true` demands: every object closed and all its properties required, unions as
 * `anyOf`, no keywords that limit values (so the reply still has to be validated). `undefined` if the schema cannot be
 * said that way: a map with free keys, a tuple, or a root that is no object.
 */
export function strictSchema(schema: Schema): Schema | undefined {
  if (schema['type'] !== 'object' || 'anyOf' in schema || 'oneOf' in schema) return undefined;
  return strict(schema);
}

function strict(schema: Schema): Schema | undefined {
  if (UNSAYABLE_KEYWORDS.some((keyword) => keyword in schema)) return undefined;
  const result: Record<string, unknown> = {};
  for (const keyword of KEPT) if (keyword in schema) result[keyword] = schema[keyword];
  for (const part of [objectPart(schema), arrayPart(schema), unionPart(schema), definitions(schema)]) {
    if (part === undefined) return undefined;
    Object.assign(result, part);
  }
  return result;
}

function objectPart(schema: Schema): Schema | undefined {
  if (schema['type'] !== 'object' && !('properties' in schema)) return {};
  const properties = strictMap(schemasOf(schema['properties']));
  if (properties === undefined || isFreeMap(schema)) return undefined;
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

function isFreeMap(schema: Schema): boolean {
  return isObject(schema['additionalProperties']) || schemasOf(schema['properties']).length === 0;
}

function arrayPart(schema: Schema): Schema | undefined {
  if (!('items' in schema)) return {};
  const items = isObject(schema['items']) ? strict(schema['items']) : undefined;
  return items === undefined ? undefined : { items };
}

function unionPart(schema: Schema): Schema | undefined {
  const options = listOrEmpty(schema['anyOf'] ?? schema['oneOf']).filter(isObject);
  if (options.length === 0) return {};
  const anyOf = options.map(strict);
  return anyOf.includes(undefined) ? undefined : { anyOf };
}

function definitions(schema: Schema): Schema | undefined {
  const result: Record<string, unknown> = {};
  for (const keyword of ['$defs', 'definitions']) {
    if (!(keyword in schema)) continue;
    const map = strictMap(schemasOf(schema[keyword]));
    if (map === undefined) return undefined;
    result[keyword] = map;
  }
  return result;
}

function strictMap(schemas: readonly (readonly [string, Schema])[]): Schema | undefined {
  const entries = schemas.map(([name, schema]) => [name, strict(schema)] as const);
  return entries.some(([, schema]) => schema === undefined) ? undefined : Object.fromEntries(entries);
}
