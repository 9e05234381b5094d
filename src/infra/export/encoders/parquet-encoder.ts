import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { z } from 'zod';
import type { ExportRow, RowEncoder } from './encoder.ts';
import { columnsOf, type Field, valueFor } from './parquet-column.ts';
import { parquetSchema } from './parquet-schema.ts';

/** A group of rows is written when it has so many rows or characters: that is what stands in memory at once. */
const GROUP_ROWS = 5_000;
const GROUP_CHARACTERS = 8 * 1024 * 1024;

type Open = Readonly<{ columns: readonly (readonly [name: string, field: Field])[]; writer: ParquetWriter }>;

/** Parquet with Snappy, row group by row group: https://parquet.apache.org/docs/file-format/ */
export class ParquetEncoder implements RowEncoder {
  readonly #rule: z.ZodType<unknown>;
  readonly #bytes = new ByteWriter();
  #open: Open | undefined;
  #rows: ExportRow['value'][] = [];
  #characters = 0;

  /** @param rule where it leaves the columns open, they are those of the rows of the first group. */
  constructor(rule: z.ZodType<unknown>) {
    this.#rule = rule;
  }

  add({ line, value }: ExportRow): Uint8Array | undefined {
    this.#rows.push(value);
    this.#characters += line.length;
    if (this.#rows.length < GROUP_ROWS && this.#characters < GROUP_CHARACTERS) return undefined;
    this.#writeGroup();
    return this.#taken();
  }

  end(): Uint8Array {
    if (this.#rows.length > 0) this.#writeGroup();
    this.#opened().writer.finish();
    return this.#taken();
  }

  #writeGroup(): void {
    const rows = this.#rows;
    const { columns, writer } = this.#opened();
    writer.write({
      columnData: columns.map(([name, field]) => ({
        name,
        data: rows.map((row) => valueFor(field, row[name])),
      })),
      rowGroupSize: rows.length,
    });
    this.#rows = [];
    this.#characters = 0;
  }

  #opened(): Open {
    if (this.#open !== undefined) return this.#open;
    const columns = columnsOf(this.#rule, this.#rows);
    const schema = parquetSchema(columns);
    // Statistics of long texts would only make the file larger.
    const options = { writer: this.#bytes, schema, statistics: false, createdBy: 'millrace' };
    this.#open = { columns, writer: new ParquetWriter(options) };
    return this.#open;
  }

  #taken(): Uint8Array {
    const bytes = this.#bytes.getBytes().slice();
    this.#bytes.index = 0;
    return bytes;
  }
}
