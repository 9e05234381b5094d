import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import kafkajs from 'kafkajs';
import * as lz4 from 'lz4js';
import * as snappy from 'snappyjs';

const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER_BYTES = 16;
const LENGTH_BYTES = 4;

type Encoder = Readonly<{ buffer: Buffer }>;
type Codec = Readonly<{
  compress(encoder: Encoder): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
}>;

const unzstd = promisify(zstdDecompress);
const zstd = promisify(zstdCompress);

const ZSTD: Codec = {
  compress: async ({ buffer }) => Buffer.from(await zstd(buffer)),
  decompress: async (buffer) => Buffer.from(await unzstd(buffer)),
};

const LZ4: Codec = {
  compress: async ({ buffer }) => Buffer.from(lz4.compress(buffer)),
  decompress: async (buffer) => Buffer.from(lz4.decompress(buffer)),
};

const SNAPPY: Codec = {
  compress: async ({ buffer }) => Buffer.from(snappy.compress(buffer)),
  decompress: async (buffer) => unsnappy(buffer),
};

/** Java clients frame snappy in blocks (https://github.com/xerial/snappy-java); others send it bare. */
function unsnappy(buffer: Buffer): Buffer {
  if (!buffer.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC))
    return Buffer.from(snappy.uncompress(buffer));
  const blocks: Buffer[] = [];
  for (let at = XERIAL_HEADER_BYTES; at < buffer.length; ) {
    const size = buffer.readUInt32BE(at);
    const from = at + LENGTH_BYTES;
    blocks.push(Buffer.from(snappy.uncompress(buffer.subarray(from, from + size))));
    at = from + size;
  }
  return Buffer.concat(blocks);
}

/** Makes snappy, lz4 and zstd readable: kafkajs dies of a batch whose codec it does not know. */
export function registerCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  CompressionCodecs[CompressionTypes.Snappy] = () => SNAPPY;
  CompressionCodecs[CompressionTypes.LZ4] = () => LZ4;
  CompressionCodecs[CompressionTypes.ZSTD] = () => ZSTD;
}
