import { type FileMetaData, parquetMetadata, parquetSchema } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import type { Field } from '../../../../src/infra/export/encoders/parquet-column.ts';
import { parquetSchema as schemaOf } from '../../../../src/infra/export/encoders/parquet-schema.ts';
import type { InputSource } from '../../../../src/infra/input/readers/input-reader.ts';
import { groupRows } from '../../../../src/infra/input/readers/parquet/group-rows.ts';

const text: Field = { column: { kind: 'text' }, optional: true };
const number: Field = { column: { kind: 'number' }, optional: false };
const message: Field = {
  column: {
    kind: 'struct',
    fields: [
      ['role', text],
      ['content', text],
      ['tags', { column: { kind: 'list', of: text }, optional: true }],
    ],
  },
  optional: true,
};
const schema = schemaOf([
  ['question', text],
  ['score', number],
  ['messages', { column: { kind: 'list', of: message }, optional: true }],
]);

/** Rows with none, one and many of everything that may be there so often. */
const rows = Array.from({ length: 1_700 }, (_, at) => ({
  question: at % 11 === 0 ? null : `Question ${at}?`,
  score: at / 7,
  messages:
    at % 13 === 0
      ? null
      : Array.from({ length: at % 6 }, (_unused, place) => ({
          role: place % 5 === 4 ? null : 'user',
          content: `${at}/${place} ${'x'.repeat((at * 31) % 300)}`,
          tags: place % 3 === 0 ? null : Array.from({ length: place }, (__, tag) => `t${tag}`),
        })),
}));

function written(options: object): ArrayBuffer {
  const columnData = (['question', 'score', 'messages'] as const).map((name) => ({
    name,
    data: rows.map((row) => row[name]),
  }));
  return parquetWriteBuffer({ schema, columnData, rowGroupSize: 900, ...options });
}

function sourceOf(bytes: ArrayBuffer): InputSource {
  return {
    name: 'a.parquet',
    byteLength: bytes.byteLength,
    slice: async (start, end) => new Uint8Array(bytes.slice(start, end)),
  };
}

async function read(
  bytes: ArrayBuffer,
  change: (group: FileMetaData['row_groups'][number]) => void = () => undefined,
) {
  const metadata = parquetMetadata(bytes);
  const tree = parquetSchema(metadata);
  const columns = tree.children.map(({ element }) => element.name);
  const found: unknown[] = [];
  for (const group of metadata.row_groups) {
    change(group);
    for await (const row of groupRows(sourceOf(bytes), { group, tree, columns })) found.push(row);
  }
  return found;
}

describe('a row group that is read in windows', () => {
  it.each([
    ['of many small pages', { pageSize: 700 }],
    ['of one page', {}],
    ['of pages as long as a row', { pageSize: 1 }],
    ['without a codec', { pageSize: 5_000, codec: 'UNCOMPRESSED' }],
  ])('gives each row as it was written: %s', async (_, options) => {
    const bytes = written(options);
    const found = await read(bytes);
    const plain = (value: unknown) => JSON.stringify(value, (_name, inner: unknown) => inner ?? null);
    const wrong = rows.findIndex((row, at) => plain(found[at]) !== plain(row));
    expect([found.length, wrong, plain(found[wrong])]).toEqual([rows.length, -1, plain(rows[wrong])]);
  });

  it.each<readonly [string, (group: FileMetaData['row_groups'][number]) => void, RegExp]>([
    [
      'more rows than there are',
      (group) => Object.assign(group, { num_rows: group.num_rows + 1n }),
      /the column question has fewer rows than its row group says/,
    ],
    [
      'a shorter column',
      ({ columns }) => Object.assign(columns[0]?.meta_data ?? {}, { total_compressed_size: 400n }),
      /a page is longer than its column|fewer rows/,
    ],
    [
      'a column beyond the end',
      ({ columns }) =>
        Object.assign(columns.at(-1)?.meta_data ?? {}, {
          data_page_offset: 1_000_000_000n,
          dictionary_page_offset: undefined,
        }),
      /the file ends within a page/,
    ],
    [
      'columns in another file',
      ({ columns }) => Object.assign(columns[0] ?? {}, { file_path: 'b.parquet' }),
      /its columns stand in other files/,
    ],
  ])('is refused where it says %s', async (_, change, message) => {
    await expect(read(written({ pageSize: 700 }), change)).rejects.toThrow(message);
  });

  it('has a column named __proto__ as a field of its own', async () => {
    const named = schemaOf([
      ['__proto__', text],
      ['question', text],
    ]);
    const columnData = [
      { name: '__proto__', data: ['x'] },
      { name: 'question', data: ['A?'] },
    ];
    const [row] = await read(parquetWriteBuffer({ schema: named, columnData }));
    expect(Object.entries(Object(row))).toEqual([
      ['__proto__', 'x'],
      ['question', 'A?'],
    ]);
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
  });
});
