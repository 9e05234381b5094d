import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { Kind, Table } from '../../../../stages/store/table/table.ts';
import { OWN_COLUMNS, type OwnColumn } from './own-columns.ts';

/** How a field stands in a table. */
export type SqlColumn = Readonly<{
  kind: Kind;
  /** What is read. */
  sql: string;
  /** What is written; absent where SQLite computes it. */
  name: string | undefined;
  encode(value: unknown): SQLInputValue;
  decode(value: SQLOutputValue): unknown;
  /** The condition that the field is one of some words, where that is not the usual one. */
  among: ((words: readonly unknown[]) => string) | undefined;
}>;

type Coding = Pick<SqlColumn, 'encode' | 'decode'>;

const AS_IT_IS: Coding = { encode: (value) => value as SQLInputValue, decode: (value) => value };
const CODINGS: Readonly<Partial<Record<Kind, Coding>>> = {
  flag: { encode: Number, decode: (value) => value === 1 },
  json: { encode: (value) => JSON.stringify(value), decode: (value) => parsed(String(value)) },
  whole: { encode: (value) => BigInt(String(value)), decode: String },
};
/** Of a time in a column that counts milliseconds. */
const MILLISECONDS: Coding = {
  encode: (value) => Date.parse(String(value)),
  decode: (value) => new Date(Number(value)).toISOString(),
};

/** What is written and read of a table, by the names of the fields. */
export function sqlColumnsOf(table: Table): ReadonlyMap<string, SqlColumn> {
  let columns = known.get(table);
  if (columns === undefined) {
    const fields = Object.entries({ ...table.fields, ...table.computed });
    columns = new Map(fields.map(([field, kind]) => [field, columnOf(table, field, kind)]));
    known.set(table, columns);
  }
  return columns;
}

const known = new WeakMap<Table, ReadonlyMap<string, SqlColumn>>();

function columnOf(table: Table, field: string, kind: Kind): SqlColumn {
  const own: OwnColumn = OWN_COLUMNS[table.name]?.[field] ?? {};
  const { name = snakeCase(field), sql = name, isComputed = field in table.computed, among } = own;
  const coding = kind === 'time' && name.endsWith('_ms') ? MILLISECONDS : (CODINGS[kind] ?? AS_IT_IS);
  const encode = own.encode ?? coding.encode;
  return {
    ...{ kind, sql, name: isComputed ? undefined : name, among },
    encode: (value) => (value === null ? null : encode(value)),
    decode: (value) => (value === null ? null : coding.decode(value)),
  };
}

const snakeCase = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A text that is not JSON is passed on unchanged; the schema that checks it refuses it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
