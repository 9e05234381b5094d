import type { AsyncBuffer, FileMetaData, SchemaTree } from 'hyparquet';
import { errorText, Failure } from '../../../../streams/failure.ts';
import type { InputReader, InputSource, ReadRow } from '../input-reader.ts';
import { readableColumns } from './columns.ts';

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
