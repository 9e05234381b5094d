const MIN_MATCH = 4;
const MAX_HISTORY_BYTES = 64 * 1_024;

/** Grows as it must, and never beyond what is allowed: nothing that packed data says of itself is believed. */
export class Lz4Output {
  readonly #mostBytes: number;
  readonly #tooLarge: () => Error;
  #bytes: Buffer;
  length = 0;

  constructor(mostBytes: number, firstBytes: number, tooLarge: () => Error) {
    this.#mostBytes = mostBytes;
    this.#tooLarge = tooLarge;
    this.#bytes = Buffer.allocUnsafe(Math.min(mostBytes, Math.max(1_024, firstBytes)));
  }

  get written(): Buffer {
    return this.#bytes.subarray(0, this.length);
  }

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** What stands `distance` bytes back, again; it may run into what it writes. */
  repeat(distance: number, length: number): void {
    if (distance === 0 || distance > this.length) throw damaged('a match begins before the data');
    this.#reserve(length);
    const from = this.length - distance;
    for (let left = length; left > 0; ) {
      // What repeats has grown by what was written, so few copies do.
      const count = Math.min(left, this.length - from);
      this.#bytes.copyWithin(this.length, from, from + count);
      this.length += count;
      left -= count;
    }
  }

  #reserve(bytes: number): void {
    const wanted = this.length + bytes;
    if (wanted > this.#mostBytes) throw this.#tooLarge();
    if (wanted <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.min(this.#mostBytes, Math.max(wanted, 2 * this.#bytes.length)));
    larger.set(this.written);
    this.#bytes = larger;
  }
}

/**
 * Unpacks a block (https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md). Throws an Error for what is none.
 * @param start where what the block may repeat begins in the output.
 */
export function unpackLz4Block(block: Buffer, output: Lz4Output, start: number): void {
  for (let at = 0; at < block.length; ) {
    const token = block.readUInt8(at);
    const literals = lengthAt(block, at + 1, token >>> 4);
    const from = literals.next;
    const end = from + literals.length;
    if (end > block.length) throw damaged('a block ends among its literals');
    output.append(block.subarray(from, end));
    if (end === block.length) return;
    const distance = block.readUInt16LE(end);
    if (distance > Math.min(MAX_HISTORY_BYTES, output.length - start))
      throw damaged('a match begins before the data');
    const match = lengthAt(block, end + 2, token & 0x0f);
    output.repeat(distance, match.length + MIN_MATCH);
    at = match.next;
  }
}

/** 15 means that more follows: bytes are added up to one below 255. */
function lengthAt(block: Buffer, start: number, nibble: number): Readonly<{ length: number; next: number }> {
  if (nibble < 15) return { length: nibble, next: start };
  let length = nibble;
  for (let at = start; ; at += 1) {
    const byte = block.readUInt8(at);
    length += byte;
    if (byte < 255) return { length, next: at + 1 };
  }
}

function damaged(why: string): Error {
  return new Error(`The LZ4 cannot be read: ${why}.`);
}
