import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib';

/** The largest body we read of one reply, in bytes, packed or not. No answer comes near it; a broken server might. */
export const MAX_REPLY_BYTES = 16 * 1024 * 1024;
const LIMIT = { maxOutputLength: MAX_REPLY_BYTES };

const byGzip = promisify(gunzip);
const byZlib = promisify(inflate);
const byDeflate = promisify(inflateRaw);
const byBrotli = promisify(brotliDecompress);
const byZstd = promisify(zstdDecompress);

/**
 * The bytes of a body without the codings that its header names (RFC 9110, 8.4): gateways compress without being asked.
 * A body that is not what the header says is taken as it is, where a proxy has unpacked it and kept the header. Rejects
 * with zlib's error for one that cannot be unpacked, or is larger than `MAX_REPLY_BYTES`.
 */
export async function unpackedBody(bytes: Buffer, codings: string): Promise<Buffer> {
  let at = bytes;
  const names = codings
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  for (const name of names.reverse()) at = await without(name, at);
  return at;
}

async function without(name: string, bytes: Buffer): Promise<Buffer> {
  if (isText(bytes)) return bytes;
  switch (name) {
    case 'gzip':
    case 'x-gzip':
      return byGzip(bytes, LIMIT);
    case 'deflate':
      // Half of the servers send it in the wrapping of zlib, as the RFC has it, and half without.
      return isZlib(bytes) ? byZlib(bytes, LIMIT) : byDeflate(bytes, LIMIT);
    case 'br':
      return byBrotli(bytes, LIMIT);
    case 'zstd':
      return byZstd(bytes, LIMIT);
    default:
      return bytes;
  }
}

/** Whether it begins like JSON or an event stream, which no packed body does. */
function isText(bytes: Buffer): boolean {
  return bytes.length === 0 || /^\s*(?:\{|\[|data:|event:|:)/.test(bytes.toString('latin1', 0, 64));
}

/** https://www.rfc-editor.org/rfc/rfc1950: the method is 8, and the two bytes are a multiple of 31. */
function isZlib(bytes: Buffer): boolean {
  const [first = 0, second = 0] = bytes;
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
}
