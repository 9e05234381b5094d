import { promisify } from 'node:util';
import {
  constants,
  gunzip,
  zstdCompress,
  zstdCompressSync,
  zstdDecompress,
  zstdDecompressSync,
} from 'node:zlib';
import kafkajs from 'kafkajs';
import * as snappy from 'snappyjs';
import { MAX_RECORD_BYTES } from '../../../../stages/limits.ts';
import { Failure } from '../../../../streams/failure.ts';
import { unlz4 } from './lz4-frame.ts';

const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER_BYTES = 16;
const LENGTH_BYTES = 4;

type Unpacking = Readonly<{ decompress(buffer: Buffer): Promise<Buffer> }>;

/**
 * A batch that unpacks to more is refused: who may write to a topic could otherwise end every process that reads it, with
 * a few kilobytes. No producer's default comes near: Kafka's own and librdkafka's measure a batch of 1 MB before it is packed.
 */
const MAX_UNPACKED_BYTES = 8 * MAX_RECORD_BYTES;
/** Level 1: as small as level 3 for stories, and faster. */
const ZSTD_OPTIONS = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Up to here a batch is packed and unpacked at once: the way through the thread pool costs several times the work itself. */
const SMALL_BYTES = 64 * 1_024;
/** What looks small may unpack to much: then nobody else waits for it. */
const AT_ONCE = { maxOutputLength: 16 * SMALL_BYTES };

const ungzip = promisify(gunzip);
const [zstd, unzstd] = [promisify(zstdCompress), promisify(zstdDecompress)];
const WITHIN = { maxOutputLength: MAX_UNPACKED_BYTES };

/** What others pack in these ways is read: Millrace packs by zstd. */
const GZIP: Unpacking = { decompress: (buffer) => ungzip(buffer, WITHIN).catch(refuseTooLarge) };
const LZ4: Unpacking = { decompress: async (buffer) => unlz4(buffer, MAX_UNPACKED_BYTES, tooLarge) };
const SNAPPY: Unpacking = { decompress: async (buffer) => unsnappy(buffer) };

const ZSTD = {
  compress: async ({ buffer }: Readonly<{ buffer: Buffer }>) =>
    buffer.length > SMALL_BYTES ? zstd(buffer, ZSTD_OPTIONS) : zstdCompressSync(buffer, ZSTD_OPTIONS),
  decompress: async (buffer: Buffer) => unzstdAtOnce(buffer) ?? unzstd(buffer, WITHIN).catch(refuseTooLarge),
};

/** `undefined` for what is not small, packed or unpacked. Throws the error of zlib. */
function unzstdAtOnce(buffer: Buffer): Buffer | undefined {
  if (buffer.length > SMALL_BYTES) return undefined;
  try {
    return zstdDecompressSync(buffer, AT_ONCE);
  } catch (error) {
    if (isTooLarge(error)) return undefined;
    throw error;
  }
}

/** Java clients frame snappy in blocks (https://github.com/xerial/snappy-java); others send it bare. */
function unsnappy(buffer: Buffer): Buffer {
  if (!buffer.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC))
    return unsnappyBlock(buffer, MAX_UNPACKED_BYTES);
  let left = MAX_UNPACKED_BYTES;
  const blocks: Buffer[] = [];
  for (let at = XERIAL_HEADER_BYTES; at < buffer.length; ) {
    const size = buffer.readUInt32BE(at);
    const from = at + LENGTH_BYTES;
    const block = unsnappyBlock(buffer.subarray(from, from + size), left);
    left -= block.length;
    blocks.push(block);
    at = from + size;
  }
  return Buffer.concat(blocks);
}

function unsnappyBlock(block: Buffer, mostBytes: number): Buffer {
  try {
    return Buffer.from(snappy.uncompress(block, mostBytes));
  } catch (error) {
    throw error instanceof Error && error.message.includes('is too big') ? tooLarge() : error;
  }
}

function refuseTooLarge(error: unknown): never {
  if (isTooLarge(error)) throw tooLarge();
  throw error;
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

function tooLarge(): Failure {
  const most = `${MAX_UNPACKED_BYTES / 2 ** 20} MiB`;
  return new Failure('poison', 'batch_too_large', `The batch unpacks to more than ${most}.`);
}

/** Makes every codec readable, within limits: kafkajs dies of a batch whose codec it does not know, and knows no limit. */
export function registerCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  CompressionCodecs[CompressionTypes.GZIP] = () => GZIP;
  CompressionCodecs[CompressionTypes.Snappy] = () => SNAPPY;
  CompressionCodecs[CompressionTypes.LZ4] = () => LZ4;
  CompressionCodecs[CompressionTypes.ZSTD] = () => ZSTD;
}
