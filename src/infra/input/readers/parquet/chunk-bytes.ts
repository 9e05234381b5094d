import type { PageHeader } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import type { InputSource } from '../input-reader.ts';

const AHEAD_BYTES = 128 * 1024;
const LEAST_HEADER_BYTES = 16 * 1024;

/** A page as it stands in the file: `reader` is at the beginning of its data. */
export type RawPage = Readonly<{ header: PageHeader; reader: { view: DataView; offset: number } }>;

/** The pages of one column of a row group, as they are asked for: about one page of it stands in memory. */
export class ChunkBytes {
  readonly #source: InputSource;
  readonly #end: number;
  /** Where the next page begins. */
  #at: number;
  #bytes = new Uint8Array(0);
  #bytesAt: number;

  constructor(source: InputSource, start: number, end: number) {
    this.#source = source;
    this.#at = start;
    this.#bytesAt = start;
    this.#end = end;
  }

  /** `undefined` where the column ends. Throws where a page is cut off, or says that it is longer than its column. */
  async next(): Promise<RawPage | undefined> {
    // As it is written, a column may end with a byte that begins nothing.
    if (this.#at >= this.#end - 1) return undefined;
    const { header, size } = await this.#header();
    const { compressed_page_size: packed } = header;
    if (packed < 0 || header.uncompressed_page_size < 0 || this.#at + size + packed > this.#end)
      throw new RangeError('a page is longer than its column');
    await this.#fill(size + packed);
    const view = new DataView(
      this.#bytes.buffer,
      this.#bytes.byteOffset + this.#at - this.#bytesAt,
      size + packed,
    );
    this.#at += size + packed;
    return { header, reader: { view, offset: size } };
  }

  /** How long it is says only the header itself. */
  async #header(): Promise<Readonly<{ header: PageHeader; size: number }>> {
    for (let wanted = LEAST_HEADER_BYTES; ; wanted *= 4) {
      const there = Math.min(wanted, this.#end - this.#at);
      await this.#fill(there);
      const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#at - this.#bytesAt, there);
      const reader = { view, offset: 0 };
      try {
        return { header: parquetHeader(reader), size: reader.offset };
      } catch (error) {
        if (!(error instanceof RangeError) || there < wanted) throw error;
      }
    }
  }

  /** Has so many bytes from `#at` on in memory. */
  async #fill(count: number): Promise<void> {
    const until = this.#at + count;
    if (until <= this.#bytesAt + this.#bytes.length) return;
    const end = Math.min(this.#end, Math.max(until, this.#at + AHEAD_BYTES));
    const bytes = await this.#source.slice(this.#at, end);
    if (bytes.length < count) throw new RangeError('the file ends within a page');
    this.#bytes = bytes;
    this.#bytesAt = this.#at;
  }
}
