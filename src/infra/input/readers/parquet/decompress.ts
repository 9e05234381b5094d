import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { type Compressors, snappyUncompress } from 'hyparquet';
import { grouped } from '../../../../stages/text/grouped.ts';
import { unpackedLz4 } from './lz4.ts';

/** Unpacks pages by every codec that Parquet knows. No page gives more than its header says, and than `mostBytes`: whatever is wrong is thrown. */
export function pageDecompressors(mostBytes: number): Compressors {
  const bounded =
    (unpack: (page: Uint8Array, length: number) => Uint8Array) => (page: Uint8Array, length: number) => {
      if (length > mostBytes) throw new RangeError(`it unpacks to more than ${grouped(mostBytes)} bytes`);
      return unpack(page, length);
    };
  const lz4 = bounded(unpackedLz4);
  return {
    SNAPPY: bounded(unpackedSnappy),
    GZIP: bounded((page, length) => gunzipSync(page, { maxOutputLength: atLeastOne(length) })),
    ZSTD: bounded((page, length) => zstdDecompressSync(page, { maxOutputLength: atLeastOne(length) })),
    BROTLI: bounded((page, length) => brotliDecompressSync(page, { maxOutputLength: atLeastOne(length) })),
    LZ4: lz4,
    LZ4_RAW: lz4,
  };
}

function unpackedSnappy(page: Uint8Array, length: number): Uint8Array {
  const output = new Uint8Array(length);
  snappyUncompress(page, output);
  return output;
}

function atLeastOne(length: number): number {
  return Math.max(1, length);
}
