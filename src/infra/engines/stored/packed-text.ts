import { constants, deflateRawSync, inflateRawSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { Failure } from '../../../streams/failure.ts';
import { DICTIONARY } from './dictionary.ts';

/** The first byte of a packed text says how it was packed. Old ways are read for ever. */
const DEFLATE_1 = 1;
/** What was packed by itself within a text that stands as it is around it. */
const WITHIN = 2;
/** With which every frame of zstd begins: there is no need for another. */
const ZSTD = 0x28;
/** Below this, packing costs more than it saves: half of it is the setting up. */
const SHORTEST = 1_280;
const LENGTH_BYTES = 4;
/** Texts that were packed a moment ago and are to be written once more, at most so many. */
const MOST_KEPT = 256;
const kept = new Map<string, Uint8Array>();
/** Up to here a small window holds the text twice over. zlib's usual one costs more to set up than such a text to pack. */
const SHORT = 4_096;
const SMALL = { windowBits: 13, memLevel: 5, chunkSize: 2_048 } as const;
/** The levels above win 2 % of space for a fifth more time. */
const LEVEL = 3;
const OUTPUT_CHUNK = 8_192;
/** From here on the dictionary wins no more than a few percent, and zstd takes a third of the time. */
const LONG = 8_192;
const FAST = { [constants.ZSTD_c_compressionLevel]: 1 };

/** What is written of a text: itself, or nothing beside its packed bytes. */
export type Packing = Readonly<{ plain: string; packed: Uint8Array | null }>;

/** Packs a text, if that is worth its while. */
export function packing(text: string): Packing {
  if (text.length < SHORTEST) return { plain: text, packed: null };
  const again = kept.get(text);
  kept.delete(text);
  return { plain: '', packed: again ?? packText(text) };
}

/** The same of a text that is written nowhere else: to look for it among others would be to read all of it. */
export function packingAlone(text: string): Packing {
  return text.length < SHORTEST ? { plain: text, packed: null } : { plain: '', packed: packText(text) };
}

/**
 * Packs `inner` within a text, so that the same bytes are written where `inner` is packed by itself next: packing costs more than
 * a few hundred bytes that are not packed.
 */
export function packingWithin(before: string, inner: string, behind: string): Packing {
  if (inner.length < SHORTEST) return packing(before + inner + behind);
  const bytes = packText(inner);
  keep(inner, bytes);
  const around = [before, behind].flatMap((text) => {
    const part = Buffer.from(text);
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32LE(part.length);
    return [length, part];
  });
  return { plain: '', packed: Buffer.concat([Buffer.of(WITHIN), ...around, bytes]) };
}

function keep(text: string, packed: Uint8Array): void {
  kept.set(text, packed);
  const [oldest] = kept.size > MOST_KEPT ? kept.keys() : [];
  if (oldest !== undefined) kept.delete(oldest);
}

/** Deflate with a dictionary of what stored values share, and zstd for long ones: why stands in docs/decisions/0095 and 0225. */
export function packText(text: string): Uint8Array {
  if (text.length >= LONG) {
    const plain = Buffer.from(text);
    // In one piece: nothing is put together afterwards.
    return zstdCompressSync(plain, { pledgedSrcSize: plain.length, chunkSize: plain.length, params: FAST });
  }
  const size = text.length <= SHORT ? SMALL : {};
  const bytes = deflateRawSync(text, { level: LEVEL, dictionary: DICTIONARY, ...size });
  return Buffer.concat([Buffer.of(DEFLATE_1), bytes]);
}

/** The text that was packed. Throws a Failure (`damaged_data`) where the bytes are none of `packText`. */
export function unpackText(packed: Uint8Array): string {
  if (packed[0] === WITHIN) return unpackWithin(Buffer.from(packed.buffer, packed.byteOffset, packed.length));
  if (packed[0] === ZSTD) return zstdDecompressSync(packed).toString('utf8');
  if (packed[0] !== DEFLATE_1) {
    const message = `No text was ever packed in the way ${packed[0]}: the data is damaged, or a newer Millrace wrote it.`;
    throw new Failure('fatal', 'damaged_data', message);
  }
  const options = { dictionary: DICTIONARY, chunkSize: OUTPUT_CHUNK };
  return inflateRawSync(packed.subarray(1), options).toString('utf8');
}

function unpackWithin(bytes: Buffer): string {
  const beforeFrom = 1 + LENGTH_BYTES;
  const beforeTo = beforeFrom + bytes.readUInt32LE(1);
  const behindFrom = beforeTo + LENGTH_BYTES;
  const behindTo = behindFrom + bytes.readUInt32LE(beforeTo);
  const inner = unpackText(bytes.subarray(behindTo));
  return bytes.toString('utf8', beforeFrom, beforeTo) + inner + bytes.toString('utf8', behindFrom, behindTo);
}
