import type { Failure } from '../../../../streams/failure.ts';
import { Lz4Output, unpackLz4Block } from '../../../lz4-block.ts';

const FRAME_MAGIC = 0x184d2204;
const SKIPPABLE_MAGIC = 0x184d2a50;
const SKIPPABLE_KINDS = 0xfffffff0;
const VERSION_MASK = 0xc0;
const VERSION = 0x40;
const STORED_BLOCK = 0x80000000;
const FLAGS = { blockChecksum: 0x10, contentSize: 0x08, contentChecksum: 0x04, dictionary: 0x01 } as const;

/**
 * The data of LZ4 frames, as Kafka's clients write them
 * (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md).
 * The time it takes grows with the bytes that come and that are made, whatever they are. Checksums are left to the batch of Kafka,
 * which has one. Throws `tooLarge()` past the limit, and an Error for what is no such frame.
 */
export function unlz4(packed: Buffer, mostBytes: number, tooLarge: () => Failure): Buffer {
  const output = new Lz4Output(mostBytes, 4 * packed.length, tooLarge);
  for (let at = 0; at < packed.length; ) at = readFrame(packed, at, output);
  return output.written;
}

function readFrame(packed: Buffer, start: number, output: Lz4Output): number {
  const magic = packed.readUInt32LE(start);
  if ((magic & SKIPPABLE_KINDS) >>> 0 === SKIPPABLE_MAGIC) return start + 8 + packed.readUInt32LE(start + 4);
  if (magic !== FRAME_MAGIC) throw damaged('no frame begins where one should');
  const flags = packed.readUInt8(start + 4);
  if ((flags & VERSION_MASK) !== VERSION) throw damaged('its version is another one');
  const has = (flag: keyof typeof FLAGS): boolean => (flags & FLAGS[flag]) !== 0;
  if (has('dictionary')) throw damaged('it needs a dictionary');
  let at = start + 6 + (has('contentSize') ? 8 : 0) + 1;
  const first = output.length;
  for (;;) {
    const head = packed.readUInt32LE(at);
    at += 4;
    if (head === 0) return at + (has('contentChecksum') ? 4 : 0);
    const size = head & ~STORED_BLOCK;
    const block = packed.subarray(at, at + size);
    if (block.length < size) throw damaged('a block is cut');
    if (head >>> 31 === 1) output.append(block);
    else unpackLz4Block(block, output, first);
    at += size + (has('blockChecksum') ? 4 : 0);
  }
}

function damaged(why: string): Error {
  return new Error(`Not an LZ4 frame that can be read: ${why}.`);
}
