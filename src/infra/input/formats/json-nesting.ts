const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPENING: ReadonlySet<number> = new Set(Buffer.from('[{'));
const CLOSING: ReadonlySet<number> = new Set(Buffer.from(']}'));

/** What one byte of JSON means for its structure; everything within a string is `other`. */
export type JsonMark = 'open' | 'close' | 'comma' | 'colon' | 'other';

/** Follows the brackets of a JSON text byte by byte, strings and escapes understood. It judges nothing. */
export class JsonNesting {
  #depth = 0;
  #text: 'outside' | 'string' | 'escape' = 'outside';

  /** How many brackets are open after the last byte. */
  get depth(): number {
    return this.#depth;
  }

  see(byte: number): JsonMark {
    if (this.#text !== 'outside') {
      this.#seeInString(byte);
      return 'other';
    }
    if (byte === COMMA) return 'comma';
    if (byte === COLON) return 'colon';
    if (byte === QUOTE) this.#text = 'string';
    else if (OPENING.has(byte)) {
      this.#depth += 1;
      return 'open';
    } else if (CLOSING.has(byte) && this.#depth > 0) {
      this.#depth -= 1;
      return 'close';
    }
    return 'other';
  }

  #seeInString(byte: number): void {
    if (this.#text === 'escape') this.#text = 'string';
    else if (byte === BACKSLASH) this.#text = 'escape';
    else if (byte === QUOTE) this.#text = 'outside';
  }
}
