import { grouped } from '../../../stages/text/grouped.ts';
import type { RawEntry } from './raw-entry.ts';

/** Enough bytes for every character that is kept of a bad entry. */
const HEAD_BYTES = 8 * 1_024;

/** Collects the bytes of one entry; past `maxBytes` it keeps the beginning only and goes on counting. */
export class BoundedBytes {
  readonly #maxBytes: number;
  #parts: Uint8Array[] = [];
  #size = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** How many bytes were added since the last `take`, kept or not. */
  get size(): number {
    return this.#size;
  }

  get overflowed(): boolean {
    return this.#size > this.#maxBytes;
  }

  /** `part` must not change afterwards. */
  add(part: Uint8Array): void {
    if (part.length === 0) return;
    const alreadyOver = this.overflowed;
    this.#size += part.length;
    if (alreadyOver) return;
    this.#parts.push(part);
    if (this.overflowed) this.#parts = [this.#join().slice(0, HEAD_BYTES)];
  }

  /** What was collected as one entry; the next one begins. */
  take(line: number, label = ''): RawEntry {
    const size = this.#size;
    const overflowed = this.overflowed;
    const bytes = this.#join();
    this.#parts = [];
    this.#size = 0;
    if (!overflowed) return { kind: 'whole', line, label, bytes };
    return { kind: 'broken', line, label, head: bytes, reason: tooLong(size, this.#maxBytes) };
  }

  #join(): Uint8Array {
    const [only] = this.#parts;
    return this.#parts.length === 1 && only !== undefined ? only : Buffer.concat(this.#parts);
  }
}

function tooLong(size: number, maxBytes: number): string {
  const [came, most] = [size, maxBytes].map(grouped);
  return `too long: expected at most ${most} bytes, came ${came}`;
}
