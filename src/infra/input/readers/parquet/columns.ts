import type { FileMetaData, SchemaElement, SchemaTree } from 'hyparquet';

/** The columns that JSON can hold: all but those with bytes that are no text, such as pictures. */
export function readableColumns(schema: SchemaTree): readonly string[] {
  return schema.children.filter((tree) => !holdsBytes(tree)).map(({ element }) => element.name);
}

function holdsBytes({ children, element }: SchemaTree): boolean {
  return children.length === 0 ? isBytes(element) : children.some(holdsBytes);
}

function isBytes({ type, converted_type, logical_type }: SchemaElement): boolean {
  if (type !== 'BYTE_ARRAY' && type !== 'FIXED_LEN_BYTE_ARRAY') return false;
  return converted_type === undefined && logical_type === undefined;
}

/** What a row group holds of the columns, unpacked, as the file says. */
export function groupBytes(group: FileMetaData['row_groups'][number], columns: readonly string[]): number {
  const found = group.columns.filter(({ meta_data }) => columns.includes(meta_data?.path_in_schema[0] ?? ''));
  return found.reduce((sum, { meta_data }) => sum + Number(meta_data?.total_uncompressed_size ?? 0), 0);
}
