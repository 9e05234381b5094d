import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { Failure } from '../../streams/failure.ts';
import { DICTIONARY } from './dictionary.ts';

/** The first byte of a packed text says how it was packed. Old ways are read for ever. */
const DEFLATE_1 = 1;
/** Below this, packing costs more than it saves. */
const SHORTEST = 512;
/** Up to here a small window holds the text twice over. zlib's usual one costs more to set up than such a text to pack. */
const SHORT = 4_096;
const SMALL = { windowBits: 13, memLevel: 5, chunkSize: 2_048 } as const;
/** The levels above win 2 % of space for a fifth more time. */
const LEVEL = 3;
const OUTPUT_CHUNK = 8_192;

/** What is written of a text: itself, or nothing beside its packed bytes. */
export type Packing = Readonly<{ plain: string; packed: Uint8Array | null }>;

/** Packs a text, if that is worth its while. */
export function packing(text: string): Packing {
  if (text.length < SHORTEST) return { plain: text, packed: null };
  return { plain: '', packed: packText(text) };
}

/** Deflate with a dictionary of what stored values share: why not zstd stands in docs/decisions/0095. */
export function packText(text: string): Uint8Array {
  const size = text.length <= SHORT ? SMALL : {};
  const bytes = deflateRawSync(text, { level: LEVEL, dictionary: DICTIONARY, ...size });
  return Buffer.concat([Buffer.of(DEFLATE_1), bytes]);
}

/** The text that was packed. Throws a Failure (`damaged_data`) where the bytes are none of `packText`. */
export function unpackText(packed: Uint8Array): string {
  if (packed[0] !== DEFLATE_1)
    throw new Failure(
      'fatal',
      'damaged_data',
      `No text was ever packed in the way ${packed[0]}: the data is damaged, or a newer Millrace wrote it.`,
    );
  const options = { dictionary: DICTIONARY, chunkSize: OUTPUT_CHUNK };
  return inflateRawSync(packed.subarray(1), options).toString('utf8');
}
