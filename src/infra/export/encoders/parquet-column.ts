import { z } from 'zod';
import { isObject } from '../../../stages/text/json.ts';
import { wellFormedJson } from '../../../stages/text/well-formed.ts';

/** What a column, or a part of one, holds. */
export type Column =
  | Readonly<{ kind: 'text' | 'boolean' | 'number' | 'integer' }>
  /** Anything: as the text of its JSON. */
  | Readonly<{ kind: 'json' }>
  | Readonly<{ kind: 'list'; of: Field }>
  | Readonly<{ kind: 'struct'; fields: readonly (readonly [name: string, field: Field])[] }>;

/** A column, and whether it may be null. */
export type Field = Readonly<{ column: Column; optional: boolean }>;

type Json = z.core.JSONSchema.BaseSchema;

/**
 * The columns of lines that a rule accepts. What has no structure of its own becomes a text of JSON.
 * @param seen lines: where the rule leaves the columns open, they are all that any of these has.
 */
export function columnsOf(
  rule: z.ZodType<unknown>,
  seen: readonly Readonly<Record<string, unknown>>[] = [],
): readonly (readonly [name: string, field: Field])[] {
  const schema = z.toJSONSchema(rule, { io: 'output', unrepresentable: 'any', reused: 'inline' });
  const column = columnOf(schema);
  if (column.kind === 'struct') return column.fields;
  if (column.kind !== 'json') throw new TypeError(`expected lines that are objects, came ${column.kind}`);
  const columns = new Map<string, Field | undefined>();
  for (const line of seen)
    for (const [name, value] of Object.entries(line)) columns.set(name, together(columns.get(name), value));
  return [...columns].map(([name, field = ANYTHING]) => [name, field]);
}

const ANYTHING: Field = { column: { kind: 'json' }, optional: true };

/** What holds the value beside those before it; `undefined` where there was none yet. */
function together(before: Field | undefined, value: unknown): Field | undefined {
  if (value === null || value === undefined) return before;
  const now = seenAs(value);
  return before === undefined || before.column.kind === now.column.kind ? now : ANYTHING;
}

function seenAs(value: unknown): Field {
  const kinds = { string: 'text', number: 'number', boolean: 'boolean' } as const;
  const type = typeof value;
  const kind = type === 'string' || type === 'number' || type === 'boolean' ? kinds[type] : 'json';
  return { column: { kind }, optional: true };
}

function fieldOf(schema: Json, required: boolean): Field {
  const options = schema.anyOf ?? [];
  const values = options.filter(({ type }) => type !== 'null');
  const [only] = values;
  if (options.length > 0 && values.length === 1 && only !== undefined)
    return { column: columnOf(only), optional: true };
  if (Array.isArray(schema.type)) return { column: columnOf(withoutNull(schema)), optional: true };
  const column = columnOf(schema);
  return { column, optional: !required || column.kind === 'json' };
}

/** `["number", "null"]` is a number that may be null. */
function withoutNull(schema: Json): Json {
  const types: unknown = schema.type;
  const [type, ...others] = Array.isArray(types) ? types.filter((each) => each !== 'null') : [];
  return others.length === 0 ? { ...schema, type } : {};
}

function columnOf({ type, items, prefixItems, properties, required = [] }: Json): Column {
  if (type === 'string') return { kind: 'text' };
  if (type === 'boolean' || type === 'number' || type === 'integer') return { kind: type };
  if (type === 'array') {
    const element = prefixItems?.[0] ?? items;
    if (isObject(element)) return { kind: 'list', of: fieldOf(element, true) };
  }
  const fields = Object.entries(properties ?? {});
  if (type !== 'object' || fields.length === 0) return { kind: 'json' };
  return {
    kind: 'struct',
    fields: fields.map(([name, each]) => [
      name,
      isObject(each) ? fieldOf(each, required.includes(name)) : { column: { kind: 'json' }, optional: true },
    ]),
  };
}

/** The value as the writer of Parquet takes it. */
export function valueFor({ column }: Field, value: unknown): unknown {
  if (value === undefined || value === null) return null;
  switch (column.kind) {
    case 'json':
      return wellFormedJson(value);
    case 'integer':
      return BigInt(Number(value));
    case 'list':
      return Array.isArray(value) ? value.map((each) => valueFor(column.of, each)) : null;
    case 'struct': {
      const entries = new Map(Object.entries(value));
      return Object.fromEntries(
        column.fields.map(([name, field]) => [name, valueFor(field, entries.get(name))]),
      );
    }
    case 'text':
    case 'boolean':
    case 'number':
      return value;
    default:
      return column satisfies never;
  }
}
