import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MAX_REPLY_BYTES, unpackedBody } from '../../../../../src/infra/models/openai/transport/unpack.ts';

const plain = Buffer.from('{"choices": []}');

describe('a packed body', () => {
  it.each([
    ['gzip', gzipSync(plain)],
    ['x-gzip', gzipSync(plain)],
    ['GZIP', gzipSync(plain)],
    ['deflate', deflateSync(plain)],
    ['deflate', deflateRawSync(plain)],
    ['br', brotliCompressSync(plain)],
    ['zstd', zstdCompressSync(plain)],
    ['br, gzip', gzipSync(brotliCompressSync(plain))],
    ['identity', plain],
    ['gzip', plain],
    ['gzip', Buffer.alloc(0)],
  ])('is unpacked by its header: %s', async (codings, bytes) => {
    expect(await unpackedBody(bytes, codings)).toEqual(bytes.length === 0 ? bytes : plain);
  });

  it('is given up where it is no such body', async () => {
    await expect(unpackedBody(Buffer.from('no gzip'), 'gzip')).rejects.toThrow();
  });

  it('is given up where it grows past the largest reply', async () => {
    const bomb = gzipSync(Buffer.alloc(MAX_REPLY_BYTES + 1));
    await expect(unpackedBody(bomb, 'gzip')).rejects.toMatchObject({ code: 'ERR_BUFFER_TOO_LARGE' });
  });
});
