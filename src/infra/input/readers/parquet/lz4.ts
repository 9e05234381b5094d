import { Lz4Output, unpackLz4Block } from '../../../lz4-block.ts';

/** Sizes in front of each block, as Hadoop writes them: unpacked and packed, big-endian. */
const HEAD_BYTES = 8;

/** A page of `LZ4_RAW`, or of the older `LZ4` with or without Hadoop's frames, as so many bytes. Throws an Error for anything else. */
export function unpackedLz4(page: Uint8Array, length: number): Uint8Array {
  const output = new Lz4Output(length, length, damaged);
  for (const { block, unpacked } of framesIn(page, length) ?? [{ block: page, unpacked: length }]) {
    const start = output.length;
    unpackLz4Block(Buffer.from(block.buffer, block.byteOffset, block.length), output, start);
    if (output.length !== start + unpacked) throw damaged();
  }
  return Uint8Array.from(output.written);
}

type Frame = Readonly<{ block: Uint8Array; unpacked: number }>;

/** `undefined` where the sizes do not add up to frames. */
function framesIn(page: Uint8Array, length: number): readonly Frame[] | undefined {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  const frames: Frame[] = [];
  let [at, left] = [0, length];
  while (at + HEAD_BYTES <= page.length) {
    const [unpacked, packed] = [view.getUint32(at), view.getUint32(at + 4)];
    at += HEAD_BYTES + packed;
    left -= unpacked;
    if (at > page.length || left < 0) return undefined;
    frames.push({ block: page.subarray(at - packed, at), unpacked });
  }
  return at === page.length && left === 0 && frames.length > 0 ? frames : undefined;
}

function damaged(): RangeError {
  return new RangeError('a page of LZ4 is damaged');
}
