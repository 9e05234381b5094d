import type { AsyncBuffer, FileMetaData, SchemaElement, SchemaTree } from 'hyparquet';
import { errorText, Failure } from '../../../../streams/failure.ts';
import type { InputReader, InputSource, ReadRow } from '../input-reader.ts';

/**
 * Parquet: one row group after the other, a window of rows after the other. In memory is a page of each column. Columns of bytes that are no
 * text are left out.
 */
export const parquet: InputReader = { name: 'parquet', extensions: ['.parquet'], read: rowsOf };

async function* rowsOf(source: InputSource): AsyncGenerator<ReadRow> {
  // Most starts read no Parquet.
  const { groupRows } = await import('./group-rows.ts');
  if (source.byteLength === 0)
    throw new Failure('fatal', 'input_empty', `${source.name} is empty: expected a Parquet file`);
  try {
    const { groups, tree } = await contentsOf(source);
    const columns = readableColumns(tree);
    let line = 0;
    for (const group of groups) {
      for await (const row of groupRows(source, { group, tree, columns })) {
        line += 1;
        yield { line, row };
      }
    }
  } catch (cause) {
    throw damaged(source, cause);
  }
}

/** What the end of the file says. */
async function contentsOf(
  source: InputSource,
): Promise<Readonly<{ groups: FileMetaData['row_groups']; tree: SchemaTree }>> {
  const { parquetMetadataAsync, parquetSchema } = await import('hyparquet');
  const metadata = await parquetMetadataAsync(bufferOf(source), { geoparquet: false });
  return { groups: metadata.row_groups, tree: parquetSchema(metadata) };
}

function bufferOf(source: InputSource): AsyncBuffer {
  return {
    byteLength: source.byteLength,
    slice: async (start, end = source.byteLength) => {
      const from = start < 0 ? source.byteLength + start : start;
      const bytes = await source.slice(from, end);
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    },
  };
}

function damaged({ name }: InputSource, cause: unknown): Failure {
  if (cause instanceof Failure) return cause;
  return new Failure('fatal', 'input_parquet', `${name} could not be read as Parquet: ${errorText(cause)}`, {
    cause,
  });
}

/**
 * The columns that JSON can hold: all but those with bytes that are no text, such as pictures. Throws where a field inside one has a name that no
 * object of JavaScript keeps.
 */
function readableColumns(schema: SchemaTree): readonly string[] {
  if (schema.children.some(({ children }) => children.some(holdsNoName)))
    throw new Error('expected fields of other names, came one named __proto__');
  return schema.children.filter((tree) => !holdsBytes(tree)).map(({ element }) => element.name);
}

function holdsBytes({ children, element }: SchemaTree): boolean {
  return children.length === 0 ? isBytes(element) : children.some(holdsBytes);
}

function isBytes({ type, converted_type, logical_type }: SchemaElement): boolean {
  if (type !== 'BYTE_ARRAY' && type !== 'FIXED_LEN_BYTE_ARRAY') return false;
  return converted_type === undefined && logical_type === undefined;
}

function holdsNoName({ children, element }: SchemaTree): boolean {
  return element.name === '__proto__' || children.some(holdsNoName);
}
