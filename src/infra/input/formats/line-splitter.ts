import { BoundedBytes } from './bounded-bytes.ts';
import type { EntrySplitter, RawEntry } from './raw-entry.ts';

const NEWLINE = 0x0a;

/**
 * One entry a line. The newline is no part of it (a carriage return before it is left in: it is white space to every
 * reader). The last line needs no newline; an empty rest after the last newline is no line.
 */
export class LineSplitter implements EntrySplitter {
  readonly #collected: BoundedBytes;
  #line = 1;

  constructor(maxLineBytes: number) {
    this.#collected = new BoundedBytes(maxLineBytes);
  }

  *push(chunk: Uint8Array): Generator<RawEntry> {
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
      this.#collected.add(chunk.subarray(from, to));
      yield this.#collected.take(this.#line);
      this.#line += 1;
      from = to + 1;
    }
    if (from < chunk.length) this.#collected.add(chunk.subarray(from));
  }

  *end(): Generator<RawEntry> {
    if (this.#collected.size > 0) yield this.#collected.take(this.#line);
  }
}
