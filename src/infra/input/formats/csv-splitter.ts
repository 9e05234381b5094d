import { BoundedBytes } from './bounded-bytes.ts';
import type { Delimiter } from './delimiter.ts';
import type { EntrySplitter, RawEntry } from './raw-entry.ts';

const NEWLINE = 0x0a;
const QUOTE = 0x22;

/**
 * One entry a CSV row (RFC 4180): a newline inside a quoted field does not end the row. A quote opens a field only
 * as its first character, so an inch sign in the middle of a text is just a character. A row past the limit ends at its
 * next newline, quoted or not: whatever went wrong in it, the rows after it are read.
 */
export class CsvSplitter implements EntrySplitter {
  readonly #collected: BoundedBytes;
  readonly #delimiter: number;
  #line = 1;
  #rowLine = 1;
  #field: 'start' | 'plain' | 'quoted' | 'closed' = 'start';

  constructor(maxRowBytes: number, delimiter: Delimiter = ',') {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#collected = new BoundedBytes(maxRowBytes);
  }

  *push(chunk: Uint8Array): Generator<RawEntry> {
    let from = 0;
    for (const [at, byte] of chunk.entries()) {
      if (byte !== NEWLINE) {
        this.#seeWithinRow(byte);
        continue;
      }
      this.#line += 1;
      this.#collected.add(chunk.subarray(from, at + 1));
      from = at + 1;
      if (this.#field !== 'quoted' || this.#collected.overflowed) yield this.#endRow();
    }
    if (from < chunk.length) this.#collected.add(chunk.subarray(from));
  }

  *end(): Generator<RawEntry> {
    if (this.#collected.size > 0) yield this.#endRow();
  }

  #seeWithinRow(byte: number): void {
    if (this.#field === 'quoted') {
      if (byte === QUOTE) this.#field = 'closed';
    } else if (byte === this.#delimiter) this.#field = 'start';
    else if (byte !== QUOTE) this.#field = 'plain';
    // In a closed field a second quote is an escaped one: the field goes on.
    else if (this.#field !== 'plain') this.#field = 'quoted';
  }

  #endRow(): RawEntry {
    const row = this.#collected.take(this.#rowLine);
    this.#rowLine = this.#line;
    this.#field = 'start';
    return row;
  }
}
