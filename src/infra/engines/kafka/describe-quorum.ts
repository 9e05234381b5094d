/**
 * DescribeQuorum, version 1 (https://kafka.apache.org/protocol#The_Messages_DescribeQuorum), of which one thing is wanted: the leader of
 * the quorum says when it was up to date last, which is always now, by its own clock.
 */
const TOPIC = '__cluster_metadata';

const NO_TAGS = [0];
/** The length of a text or list is written as one more, and these are short. */
const lengthOf = (count: number) => count + 1;

/** With the end of the header, which kafkajs writes in the old form without tags. */
export function quorumRequest(): Buffer {
  const partition = [0, 0, 0, 0, ...NO_TAGS];
  const topic = [lengthOf(TOPIC.length), ...Buffer.from(TOPIC), lengthOf(1), ...partition, ...NO_TAGS];
  return Buffer.from([...NO_TAGS, lengthOf(1), ...topic, ...NO_TAGS]);
}

/** The clock of the leader, in milliseconds since 1970; `undefined` where the answer is an error or none of these. */
export function quorumClock(bytes: Buffer): number | undefined {
  try {
    return clockIn(new Reader(bytes));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function clockIn(reader: Reader): number | undefined {
  reader.tags();
  const failed = reader.int16() !== 0;
  if (failed || reader.length() !== 1) return undefined;
  reader.skip(reader.length());
  if (reader.length() !== 1) return undefined;
  reader.int32();
  if (reader.int16() !== 0) return undefined;
  const leader = reader.int32();
  reader.int32();
  reader.int64();
  for (let left = reader.length(); left > 0; left -= 1) {
    const replica = reader.int32();
    reader.int64();
    reader.int64();
    const upToDateAt = Number(reader.int64());
    reader.tags();
    if (replica === leader) return upToDateAt > 0 ? upToDateAt : undefined;
  }
  return undefined;
}

/** Throws a RangeError past the end. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#move(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#move(4));
  }

  int64(): bigint {
    return this.#bytes.readBigInt64BE(this.#move(8));
  }

  /** Of a text or a list; that of nothing is below zero. */
  length(): number {
    return this.#varint() - 1;
  }

  skip(count: number): void {
    this.#move(Math.max(0, count));
  }

  tags(): void {
    for (let left = this.#varint(); left > 0; left -= 1) {
      this.#varint();
      this.skip(this.#varint());
    }
  }

  #varint(): number {
    for (let [value, shift] = [0, 0]; shift < 35; shift += 7) {
      const byte = this.#bytes.readUInt8(this.#move(1));
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('A number does not end.');
  }

  #move(count: number): number {
    const at = this.#at;
    this.#at += count;
    return at;
  }
}
