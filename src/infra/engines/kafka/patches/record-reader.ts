import type { RecordContext } from './record-context.ts';

/**
 * The records of an unpacked batch (https://kafka.apache.org/documentation/#record), as kafkajs hands them on. kafkajs's own reader
 * copies all headers for each header, so a record of many would hold it up for minutes. Of headers with one name the last counts.
 * Throws for what is damaged.
 */
export function readRecords(bytes: Buffer, count: number, context: RecordContext): readonly object[] {
  const reader = new Reader(bytes);
  const records: object[] = [];
  for (let index = 0; index < count; index += 1) records.push(readRecord(reader, context));
  return records;
}

function readRecord(batch: Reader, context: RecordContext): object {
  const reader = new Reader(batch.bytes(batch.varint()));
  const attributes = reader.byte();
  const timestamp = BigInt(context.firstTimestamp) + reader.varlong();
  const offset = BigInt(context.firstOffset) + BigInt(reader.varint());
  const [key, value] = [reader.nullable(), reader.nullable()];
  const headers = new Map<string, Buffer | null>();
  for (let left = reader.varint(); left > 0; left -= 1) {
    const name = reader.bytes(reader.varint()).toString();
    headers.set(name, reader.nullable());
  }
  const appended = context.timestampType === 1 && context.maxTimestamp !== '-1';
  return {
    ...{ magicByte: context.magicByte, attributes, offset: offset.toString() },
    timestamp: appended ? context.maxTimestamp : timestamp.toString(),
    ...{ key, value, headers: Object.fromEntries(headers) },
    ...{ isControlRecord: context.isControlBatch, batchContext: context },
  };
}

/** Reads within its bytes, or throws. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new RangeError('A record ends too early.');
    this.#at += 1;
    return byte;
  }

  /** https://protobuf.dev/programming-guides/encoding/#signed-ints, of 32 bits. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
    }
    throw new RangeError('A number of a record does not end.');
  }

  /** The same of 64 bits. */
  varlong(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return zigzag(BigInt.asUintN(64, value));
    }
    throw new RangeError('A number of a record does not end.');
  }

  nullable(): Buffer | null {
    const length = this.varint();
    return length < 0 ? null : this.bytes(length);
  }

  bytes(length: number): Buffer {
    const end = this.#at + length;
    if (length < 0 || end > this.#bytes.length)
      throw new RangeError('A record is longer than what came of it.');
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }
}

const zigzag = (value: bigint): bigint => (value >> 1n) ^ -(value & 1n);
