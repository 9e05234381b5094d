import { crc32 } from 'node:zlib';

/** Begins every frame. */
const MAGIC = Buffer.from('\u0001MRj');
/** Magic, length of the facts, length of the body, CRC-32 of both. */
const HEAD_BYTES = 16;
const MOST_FACTS_BYTES = 16 * 1_024 * 1_024;
const MOST_BODY_BYTES = 64 * 1_024 * 1_024;
const BLANK = 0x20;

/** What stands in a file of the journal between two places. `blank`: it was erased. `damaged`: no frame can be read there. */
export type Frame =
  | Readonly<{ kind: 'whole'; at: number; bytes: number; facts: Buffer; body: Buffer }>
  | Readonly<{ kind: 'blank'; at: number; bytes: number }>
  | Readonly<{ kind: 'damaged'; at: number; bytes: number }>;

/** An entry as it is written, in pieces: a head with lengths and checksum, facts, and a body. */
export function frameOf(facts: string, body: readonly Uint8Array[]): readonly Uint8Array[] {
  const factsBytes = Buffer.byteLength(facts);
  const first = Buffer.allocUnsafe(HEAD_BYTES + factsBytes);
  first.write(facts, HEAD_BYTES);
  let bodyBytes = 0;
  let sum = crc32(first.subarray(HEAD_BYTES));
  for (const piece of body) {
    bodyBytes += piece.length;
    sum = crc32(piece, sum);
  }
  MAGIC.copy(first);
  first.writeUInt32LE(factsBytes, 4);
  first.writeUInt32LE(bodyBytes, 8);
  first.writeUInt32LE(sum, 12);
  return [first, ...body];
}

/** A frame as long as that one, that says nothing. */
export function blankLike(frame: Extract<Frame, { kind: 'whole' }>): Buffer {
  const blank = (bytes: number) => Buffer.alloc(bytes, BLANK);
  return Buffer.concat(frameOf(blank(frame.facts.length).toString(), [blank(frame.body.length)]));
}

/**
 * The frames of a file, in order, from a place on. What is torn or changed is passed over, up to the next frame whose
 * checksum is right; zeros are nothing.
 */
export function* framesIn(file: Buffer, from: number): Generator<Frame> {
  let at = from;
  while (at < file.length) {
    const frame = frameAt(file, at);
    if (frame !== undefined) {
      yield frame;
      at += frame.bytes;
      continue;
    }
    const next = nextFrame(file, at + 1);
    if (file.subarray(at, next).some((byte) => byte !== 0)) yield { kind: 'damaged', at, bytes: next - at };
    at = next;
  }
}

function frameAt(file: Buffer, at: number): Frame | undefined {
  if (at + HEAD_BYTES > file.length || !file.subarray(at, at + MAGIC.length).equals(MAGIC)) return undefined;
  const factsBytes = file.readUInt32LE(at + 4);
  const bodyBytes = file.readUInt32LE(at + 8);
  const bytes = HEAD_BYTES + factsBytes + bodyBytes;
  if (factsBytes > MOST_FACTS_BYTES || bodyBytes > MOST_BODY_BYTES || at + bytes > file.length)
    return undefined;
  const content = file.subarray(at + HEAD_BYTES, at + bytes);
  if (crc32(content) !== file.readUInt32LE(at + 12)) return undefined;
  const facts = content.subarray(0, factsBytes);
  if (facts.every((byte) => byte === BLANK)) return { kind: 'blank', at, bytes };
  return { kind: 'whole', at, bytes, facts, body: content.subarray(factsBytes) };
}

function nextFrame(file: Buffer, from: number): number {
  for (let at = file.indexOf(MAGIC, from); at !== -1; at = file.indexOf(MAGIC, at + 1))
    if (frameAt(file, at) !== undefined) return at;
  return file.length;
}
