import type { SchemaElement } from 'hyparquet';
import type { Column, Field } from './parquet-column.ts';

/**
 * The schema of a Parquet file, depth first. Lists have the three levels that the specification asks for:
 * https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#lists
 */
export function parquetSchema(fields: readonly (readonly [name: string, field: Field])[]): SchemaElement[] {
  return [
    { name: 'schema', num_children: fields.length },
    ...fields.flatMap(([name, field]) => elementsOf(name, field)),
  ];
}

function elementsOf(name: string, { column, optional }: Field): SchemaElement[] {
  const repetition_type = optional ? 'OPTIONAL' : 'REQUIRED';
  if (column.kind === 'list')
    return [
      { name, repetition_type, num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      ...elementsOf('element', column.of),
    ];
  if (column.kind === 'struct')
    return [
      { name, repetition_type, num_children: column.fields.length },
      ...column.fields.flatMap(([child, field]) => elementsOf(child, field)),
    ];
  return [{ name, repetition_type, ...leafOf(column) }];
}

function leafOf({ kind }: Exclude<Column, { kind: 'list' | 'struct' }>): Omit<SchemaElement, 'name'> {
  switch (kind) {
    case 'boolean':
      return { type: 'BOOLEAN' };
    case 'number':
      return { type: 'DOUBLE' };
    case 'integer':
      return { type: 'INT64' };
    case 'text':
    case 'json':
      return { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } };
    default:
      return kind satisfies never;
  }
}
