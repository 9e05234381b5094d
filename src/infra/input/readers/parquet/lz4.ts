const MIN_MATCH = 4;
/** Sizes in front of each block, as Hadoop writes them: unpacked and packed, big-endian. */
const HEAD_BYTES = 8;

/** A page of `LZ4_RAW`, or of the older `LZ4` with or without Hadoop's frames, as so many bytes. Throws a RangeError for anything else. */
export function unpackedLz4(page: Uint8Array, length: number): Uint8Array {
  const output = new Uint8Array(length);
  const frames = framesIn(page, length) ?? [{ block: page, unpacked: length }];
  let written = 0;
  for (const { block, unpacked } of frames) {
    unpackBlock(block, output.subarray(written, written + unpacked));
    written += unpacked;
  }
  return output;
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

/** https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md */
function unpackBlock(page: Uint8Array, output: Uint8Array): void {
  let [at, written] = [0, 0];
  const lengthFrom = (start: number) => {
    let length = start;
    if (start < 15) return length;
    for (let byte = 255; byte === 255; length += byte) byte = byteAt(page, at++);
    return length;
  };
  while (at < page.length) {
    const token = byteAt(page, at++);
    const literals = lengthFrom(token >> 4);
    if (at + literals > page.length || written + literals > output.length) throw damaged();
    output.set(page.subarray(at, at + literals), written);
    at += literals;
    written += literals;
    if (at === page.length) break;
    const distance = byteAt(page, at) | (byteAt(page, at + 1) << 8);
    at += 2;
    const match = lengthFrom(token & 15) + MIN_MATCH;
    if (distance === 0 || distance > written || written + match > output.length) throw damaged();
    for (let end = written + match; written < end; written += 1)
      output[written] = byteAt(output, written - distance);
  }
  if (written !== output.length) throw damaged();
}

function byteAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw damaged();
  return byte;
}

function damaged(): RangeError {
  return new RangeError('a page of LZ4 is damaged');
}
