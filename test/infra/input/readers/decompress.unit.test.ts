import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { pageDecompressors } from '../../../../src/infra/input/readers/parquet/decompress.ts';

const ZEROS = Buffer.alloc(1_024 * 1_024);
const packed = {
  GZIP: gzipSync(ZEROS),
  ZSTD: zstdCompressSync(ZEROS),
  BROTLI: brotliCompressSync(ZEROS),
  // One literal, then a match of the rest.
  LZ4_RAW: lz4Zeros(ZEROS.length),
} as const;

function lz4Zeros(length: number): Uint8Array {
  const rest = length - 1 - 4 - 15;
  const more = Array.from({ length: Math.floor(rest / 255) }, () => 255);
  return Uint8Array.from([0x1f, 0, 1, 0, ...more, rest % 255, 0]);
}

describe('a page', () => {
  it.each(['GZIP', 'ZSTD', 'BROTLI', 'LZ4_RAW'] as const)(
    'is unpacked to the length of its header: %s',
    (codec) => {
      expect(pageDecompressors(ZEROS.length)[codec]?.(packed[codec], ZEROS.length)).toHaveLength(
        ZEROS.length,
      );
    },
  );

  it.each(['GZIP', 'ZSTD', 'BROTLI', 'LZ4_RAW'] as const)(
    'never gives more than its header says: %s',
    (codec) => {
      expect(() => pageDecompressors(ZEROS.length)[codec]?.(packed[codec], 1_000)).toThrow();
    },
  );

  it('of the older LZ4 is read in Hadoop’s frames and without them', () => {
    const size = packed.LZ4_RAW.length;
    const head = Buffer.alloc(8);
    head.writeUInt32BE(ZEROS.length);
    head.writeUInt32BE(size, 4);
    const framed = Buffer.concat([head, packed.LZ4_RAW, head, packed.LZ4_RAW]);
    const { LZ4 } = pageDecompressors(4 * ZEROS.length);
    expect(LZ4?.(framed, 2 * ZEROS.length)).toEqual(new Uint8Array(2 * ZEROS.length));
    expect(LZ4?.(packed.LZ4_RAW, ZEROS.length)).toEqual(new Uint8Array(ZEROS.length));
  });

  it('gives no more than the bound, whatever its header says', () => {
    const { ZSTD, SNAPPY } = pageDecompressors(1_000_000);
    expect(() => ZSTD?.(packed.ZSTD, ZEROS.length)).toThrow('more than 1,000,000 bytes');
    expect(() => SNAPPY?.(Uint8Array.of(0), 2 ** 31)).toThrow('more than');
  });
});
