import { deflateRawSync, gzipSync } from 'node:zlib';
import kafkajs from 'kafkajs';
import * as lz4 from 'lz4js';
import * as snappy from 'snappyjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerCodecs } from '../../../../../src/infra/engines/kafka/codecs/codecs.ts';

const { CompressionCodecs, CompressionTypes } = kafkajs;
const BOMB = Buffer.alloc(65 * 2 ** 20);
const BATCH = Buffer.from(
  JSON.stringify(Array.from({ length: 500 }, (_, index) => `Grüße ${Math.sin(index)}`)),
);
const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);

const CODECS = ['GZIP', 'Snappy', 'LZ4', 'ZSTD'] as const;
const unpack = (codec: (typeof CODECS)[number], bytes: Uint8Array): Promise<Buffer> =>
  CompressionCodecs[CompressionTypes[codec]]().decompress(Buffer.from(bytes));
/** As Java clients frame it: every block by itself. */
const framed = (blocks: readonly Uint8Array[]): Buffer => {
  const header = Buffer.alloc(16);
  XERIAL.copy(header);
  return Buffer.concat([
    header,
    ...blocks.flatMap((block) => {
      const size = Buffer.alloc(4);
      size.writeUInt32BE(block.length);
      return [size, Buffer.from(block)];
    }),
  ]);
};

const PACK = {
  GZIP: gzipSync,
  Snappy: snappy.compress,
  LZ4: lz4.compress,
  ZSTD: (buffer: Buffer) => CompressionCodecs[CompressionTypes.ZSTD]().compress({ buffer }),
} as const;

describe('a batch of Kafka', () => {
  beforeAll(() => registerCodecs());

  it.for(CODECS)('comes back from %s as it was', async (codec) => {
    expect(await unpack(codec, await PACK[codec](BATCH))).toEqual(BATCH);
  });

  it.for(CODECS)('that %s would blow up is refused', async (codec) => {
    const refused = { kind: 'poison', code: 'batch_too_large', message: expect.stringContaining('64 MiB') };
    await expect(unpack(codec, await PACK[codec](BOMB))).rejects.toMatchObject(refused);
  });

  it('of many snappy blocks is refused by what they come to together', async () => {
    const block = snappy.compress(BOMB.subarray(0, 13 * 2 ** 20));
    expect(await unpack('Snappy', framed([block, block]))).toHaveLength(26 * 2 ** 20);
    await expect(unpack('Snappy', framed([block, block, block, block, block]))).rejects.toMatchObject({
      code: 'batch_too_large',
    });
  });

  it('that is damaged is no bomb', async () => {
    await expect(unpack('GZIP', deflateRawSync(BATCH))).rejects.not.toHaveProperty('kind');
  });
});
