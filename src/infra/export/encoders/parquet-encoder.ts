import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { z } from 'zod';
import type { ExportRow, RowEncoder } from './encoder.ts';
import { columnsOf, type Field, valueFor } from './parquet-column.ts';
import { parquetSchema } from './parquet-schema.ts';

/** A group of rows is written when it has so many rows or characters: that is what stands in memory at once. */
const GROUP_ROWS = 5_000;
const GROUP_CHARACTERS = 8 * 1024 * 1024;

/** Parquet with Snappy, row group by row group: https://parquet.apache.org/docs/file-format/ */
export class ParquetEncoder implements RowEncoder {
  readonly #columns: readonly (readonly [name: string, field: Field])[];
  readonly #bytes = new ByteWriter();
  readonly #writer: ParquetWriter;
  #rows: ExportRow['value'][] = [];
  #characters = 0;

  constructor(rule: z.ZodType<unknown>, first?: ExportRow['value']) {
    this.#columns = columnsOf(rule, first);
    const schema = parquetSchema(this.#columns);
    // Statistics of long texts would only make the file larger.
    this.#writer = new ParquetWriter({
      writer: this.#bytes,
      schema,
      statistics: false,
      createdBy: 'millrace',
    });
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
    this.#writer.finish();
    return this.#taken();
  }

  #writeGroup(): void {
    const rows = this.#rows;
    this.#writer.write({
      columnData: this.#columns.map(([name, field]) => ({
        name,
        data: rows.map((row) => valueFor(field, row[name])),
      })),
      rowGroupSize: rows.length,
    });
    this.#rows = [];
    this.#characters = 0;
  }

  #taken(): Uint8Array {
    const bytes = this.#bytes.getBytes().slice();
    this.#bytes.index = 0;
    return bytes;
  }
}
