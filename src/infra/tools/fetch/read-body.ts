import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { refusedForGood } from '../refused-for-good.ts';

/** What `readBody` can unpack, as a request says it. */
export const CODINGS = 'gzip, deflate, br, zstd';

/**
 * Reads a body, unpacked, to its end. Bytes are counted after unpacking, as they come: what is larger than `mostBytes` is dropped there
 * and then. Rejects with a Failure of kind `content` (`too_large`, `bad_coding`), or with what the stream threw.
 */
export async function readBody(body: Readable, coding: string, mostBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of unpacking(body, coding)) {
    if (!Buffer.isBuffer(piece)) continue;
    bytes += piece.byteLength;
    if (bytes > mostBytes)
      throw refusedForGood('too_large', `It is larger than ${Math.round(mostBytes / MIB)} MiB; refused.`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

const MIB = 1_024 * 1_024;

/** No server needs two codings, and a bomb would like them. */
function unpacking(body: Readable, coding: string): Readable {
  const unpacker = unpackerOf(coding.trim().toLowerCase());
  if (unpacker === undefined) return body;
  // The error of either comes out of the unpacker, which is what is read.
  return pipeline(body, unpacker, () => undefined);
}

function unpackerOf(coding: string) {
  switch (coding) {
    case '':
    case 'identity':
      return undefined;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    case 'zstd':
      return createZstdDecompress();
    default:
      throw refusedForGood(
        'bad_coding',
        `It is packed as ${coding.slice(0, 40)}, which nothing here unpacks.`,
      );
  }
}
