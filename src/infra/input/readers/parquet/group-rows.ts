import type { FileMetaData, SchemaTree } from 'hyparquet';
import { assembleNested } from 'hyparquet/src/assemble.js';
import { DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { getTreePath } from 'hyparquet/src/schema.js';
import type { DecodedArray } from 'hyparquet/src/types.js';
import { setField } from '../../mapping/meant.ts';
import type { InputSource } from '../input-reader.ts';
import { ChunkBytes } from './chunk-bytes.ts';
import { ColumnRows } from './column-rows.ts';
import { pageDecompressors } from './decompress.ts';
import { parsers as ours, plainValue } from './values.ts';

/** So many rows are put together at once. */
const WINDOW_ROWS = 500;
/** A page of more bytes than this, unpacked, is refused: it stands in memory as a whole. */
const MOST_PAGE_BYTES = 512 * 1_024 * 1_024;

const parsers = { ...DEFAULT_PARSERS, ...ours };

type Row = Record<string, unknown>;
type Leaf = Readonly<{ path: string; rows: ColumnRows }>;

/**
 * The rows of a row group, a window of them after the other: each column is read page by page, so what stands in memory is a page of each,
 * however long the group is. Throws what is wrong.
 *
 * @param columns the names of those that are read.
 */
export async function* groupRows(
  source: InputSource,
  {
    group,
    tree,
    columns,
  }: Readonly<{ group: FileMetaData['row_groups'][number]; tree: SchemaTree; columns: readonly string[] }>,
): AsyncGenerator<Row> {
  const wanted = tree.children.filter(({ element }) => columns.includes(element.name));
  const leaves = leavesOf(source, group, tree, columns);
  for (let left = Number(group.num_rows); left > 0; left -= WINDOW_ROWS) {
    const count = Math.min(left, WINDOW_ROWS);
    const values = new Map<string, DecodedArray>();
    for (const { path, rows } of leaves) values.set(path, await rows.take(count));
    yield* rowsIn(values, wanted, count);
  }
}

function leavesOf(
  source: InputSource,
  group: FileMetaData['row_groups'][number],
  tree: SchemaTree,
  columns: readonly string[],
): readonly Leaf[] {
  return group.columns.flatMap(({ meta_data: column, file_path }) => {
    if (column === undefined || file_path !== undefined) throw new Error('its columns stand in other files');
    const { path_in_schema: pathInSchema, type, codec } = column;
    if (!columns.includes(pathInSchema[0] ?? '')) return [];
    const schemaPath = getTreePath(tree, pathInSchema);
    const element = schemaPath.at(-1)?.element;
    if (element === undefined) throw new Error(`its schema has no ${pathInSchema.join('.')}`);
    const compressors = pageDecompressors(MOST_PAGE_BYTES);
    const start = Number(column.dictionary_page_offset || column.data_page_offset);
    const bytes = new ChunkBytes(source, start, start + Number(column.total_compressed_size));
    const decoder = { pathInSchema, type, codec, schemaPath, element, parsers, compressors };
    return [{ path: pathInSchema.join('.'), rows: new ColumnRows(bytes, decoder, MOST_PAGE_BYTES) }];
  });
}

function columnIn(values: Map<string, DecodedArray>, child: SchemaTree): [string, DecodedArray] {
  if (child.children.length > 0) assembleNested(values, child, parsers);
  const { name } = child.element;
  const column = values.get(child.path.join('.'));
  if (column === undefined) throw new Error(`the column ${name} is in the schema and not in the row group`);
  return [name, column];
}

function* rowsIn(
  values: Map<string, DecodedArray>,
  wanted: readonly SchemaTree[],
  count: number,
): Generator<Row> {
  const columns = wanted.map((child) => columnIn(values, child));
  for (let at = 0; at < count; at += 1) {
    const row: Row = {};
    for (const [name, column] of columns) setField(row, name, plainValue(column[at] ?? null));
    yield row;
  }
}
