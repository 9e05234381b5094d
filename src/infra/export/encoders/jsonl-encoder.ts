import type { ExportRow, RowEncoder } from './encoder.ts';

const CHUNK_CHARACTERS = 256 * 1024;

/** One line a row: https://jsonlines.org */
export class JsonlEncoder implements RowEncoder {
  #pending = '';

  add({ line }: ExportRow): Uint8Array | undefined {
    this.#pending += `${line}\n`;
    return this.#pending.length < CHUNK_CHARACTERS ? undefined : this.end();
  }

  end(): Uint8Array {
    const bytes = Buffer.from(this.#pending);
    this.#pending = '';
    return bytes;
  }
}
