import { readPage } from 'hyparquet/src/column.js';
import { convert } from 'hyparquet/src/convert.js';
import { isFlatColumn } from 'hyparquet/src/schema.js';
import type { ColumnDecoder, DecodedArray, PageHeader } from 'hyparquet/src/types.js';
import { grouped } from '../../../../stages/text/grouped.ts';
import type { ChunkBytes } from './chunk-bytes.ts';

/** More are no page that a writer makes: room for them is made before they are read. */
const MOST_VALUES = 16 * 1024 * 1024;

/** The values of one column of a row group, row by row: what stands in memory is one page, and rows that are not taken yet. */
export class ColumnRows {
  readonly #bytes: ChunkBytes;
  readonly #decoder: ColumnDecoder;
  readonly #mostBytes: number;
  readonly #isFlat: boolean;
  #dictionary: DecodedArray | undefined;
  #rows: DecodedArray = [];
  #taken = 0;
  #ended = false;

  /** @param mostBytes a page may have, unpacked. */
  constructor(bytes: ChunkBytes, decoder: ColumnDecoder, mostBytes: number) {
    this.#bytes = bytes;
    this.#decoder = decoder;
    this.#mostBytes = mostBytes;
    this.#isFlat = isFlatColumn(decoder.schemaPath);
  }

  /** The next rows. Throws where there are fewer. */
  async take(count: number): Promise<unknown[]> {
    while (!this.#ended && this.#whole < count) await this.#nextPage();
    if (this.#whole < count)
      throw new RangeError(
        `the column ${this.#decoder.pathInSchema.join('.')} has fewer rows than its row group says`,
      );
    const rows: unknown[] = Array.from(this.#rows.slice(this.#taken, this.#taken + count));
    this.#taken += count;
    return rows;
  }

  /** The last row of a page may go on in the next, where a row has several values. */
  get #whole(): number {
    const left = this.#rows.length - this.#taken;
    return this.#ended || this.#isFlat ? left : Math.max(0, left - 1);
  }

  async #nextPage(): Promise<void> {
    const page = await this.#bytes.next();
    if (page === undefined) {
      this.#ended = true;
      return;
    }
    const { header, reader } = page;
    this.#assertBounded(header);
    if (header.type === 'DICTIONARY_PAGE') {
      const { data } = readPage(reader, header, this.#decoder, this.#dictionary, undefined, 0);
      if (data !== undefined) this.#dictionary = convert(data, this.#decoder);
      return;
    }
    if (valuesIn(header) === 0) return;
    const rest: unknown[] = Array.from(this.#rows.slice(this.#taken));
    const { data = [] } = readPage(reader, header, this.#decoder, this.#dictionary, rest, 0);
    // Either it was put behind the rest, or it stands alone.
    this.#rows = data === rest || rest.length === 0 ? data : [...rest, ...Array.from<unknown>(data)];
    this.#taken = 0;
  }

  #assertBounded(header: PageHeader): void {
    if (header.uncompressed_page_size > this.#mostBytes)
      throw new RangeError(`a page unpacks to more than ${grouped(this.#mostBytes)} bytes`);
    if (valuesIn(header) > MOST_VALUES)
      throw new RangeError(`a page has more than ${grouped(MOST_VALUES)} values`);
  }
}

function valuesIn(header: PageHeader): number {
  const { data_page_header, data_page_header_v2, dictionary_page_header } = header;
  const { num_values } = data_page_header ??
    data_page_header_v2 ??
    dictionary_page_header ?? { num_values: 0 };
  return num_values < 0 ? Number.POSITIVE_INFINITY : num_values;
}
