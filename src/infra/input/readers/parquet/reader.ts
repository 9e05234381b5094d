import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import { Failure } from '../../../../streams/failure.ts';
import type { InputReader, InputSource, ReadRow } from '../input-reader.ts';
import { groupBytes, readableColumns } from './columns.ts';
import { parsers, plainRow } from './values.ts';

const MOST_GROUP_BYTES = 512 * 1_024 * 1_024;
const MIB = 1_024 * 1_024;

/** Parquet: one row group after the other, in memory one of them at a time. Columns of bytes that are no text are left out. */
export const parquet: InputReader = { name: 'parquet', extensions: ['.parquet'], read: rowsOf };

async function* rowsOf(source: InputSource): AsyncGenerator<ReadRow> {
  // Most starts read no Parquet.
  const { parquetMetadataAsync, parquetReadObjects, parquetSchema } = await import('hyparquet');
  const { pageDecompressors } = await import('./decompress.ts');
  if (source.byteLength === 0)
    throw new Failure('fatal', 'input_empty', `${source.name} is empty: expected a Parquet file`);
  const file = bufferOf(source);
  const metadata = await parquetMetadataAsync(file, { geoparquet: false }).catch((cause: unknown) => {
    throw damaged(source, cause);
  });
  const columns = [...readableColumns(parquetSchema(metadata))];
  let start = 0;
  for (const group of metadata.row_groups) {
    assertBounded(source, group, columns);
    const rowStart = start;
    const rowEnd = rowStart + Number(group.num_rows);
    const compressors = pageDecompressors(MOST_GROUP_BYTES);
    const options = { file, metadata, columns, rowStart, rowEnd, compressors, parsers, geoparquet: false };
    const rows = await parquetReadObjects(options).catch((cause: unknown) => {
      throw damaged(source, cause);
    });
    for (const [index, row] of rows.entries()) yield { line: rowStart + index + 1, row: plainRow(row) };
    start = rowEnd;
  }
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

function assertBounded(
  { name }: InputSource,
  group: FileMetaData['row_groups'][number],
  columns: readonly string[],
): void {
  const bytes = groupBytes(group, columns);
  if (bytes <= MOST_GROUP_BYTES) return;
  const came = `a row group of ${Math.ceil(bytes / MIB).toLocaleString('en-US')} MiB`;
  const message = `${name}: expected row groups of at most ${MOST_GROUP_BYTES / MIB} MiB unpacked, came ${came}: write it with smaller row groups`;
  throw new Failure('fatal', 'input_parquet', message);
}

function damaged({ name }: InputSource, cause: unknown): Failure {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Failure('fatal', 'input_parquet', `${name} could not be read as Parquet: ${why}`, { cause });
}
