import { errorText, Failure } from '../../../../streams/failure.ts';
import type { Unreadable } from '../../../../streams/log/log.ts';
import { contextOf, type RecordContext } from './record-context.ts';
import { readRecords } from './record-reader.ts';

/** What kafkajs knows of a message; `unreadable` is ours. */
export type DecodedBatch = Readonly<{ records: readonly object[] }>;

/** kafkajs's reader of a fetched response, as far as it is used here. */
export type FetchDecoder = { readonly buffer: Buffer; offset: number };

type Unpack = (attributes: number) => { decompress(packed: Buffer): Promise<Buffer> } | null;

/** Of offset and length, which stand before what the length counts. */
const PREFIX_BYTES = 12;
const HEAD_BYTES = 49;
/** A batch of more takes gigabytes once it is read. Default producers fill a batch of 1 MB. */
const MAX_RECORDS = 200_000;
const KEPT_BYTES = 1_024;

/**
 * Reads a record batch of Kafka (https://kafka.apache.org/documentation/#recordbatch) as kafkajs does, but total: a batch that
 * cannot be read, because it unpacks to too much or is damaged, is one record at the batch's last offset that says so. Else it
 * would come again and again, and hold what stands behind it. `undefined` where the batch is not whole yet.
 */
export async function decodeBatch(decoder: FetchDecoder, unpack: Unpack): Promise<DecodedBatch | undefined> {
  const { buffer, offset: start } = decoder;
  const length = buffer.readInt32BE(start + 8);
  const body = buffer.subarray(start + PREFIX_BYTES, start + PREFIX_BYTES + length);
  if (body.length < length || length < HEAD_BYTES) return undefined;
  decoder.offset = start + PREFIX_BYTES + length;
  const context = contextOf(buffer.readBigInt64BE(start), body);
  const packed = body.subarray(HEAD_BYTES);
  const count = body.readInt32BE(HEAD_BYTES - 4);
  try {
    if (count > MAX_RECORDS) throw tooMany(count);
    const codec = unpack(body.readInt16BE(9));
    const records = count <= 0 ? packed.subarray(0, 0) : ((await codec?.decompress(packed)) ?? packed);
    return { ...context, records: readRecords(records, Math.max(0, count), context) };
  } catch (error) {
    if (isOfMemory(error)) throw error;
    return { ...context, records: [standIn(context, count, packed, error)] };
  }
}

function standIn(context: RecordContext, count: number, packed: Buffer, error: unknown): object {
  const first = BigInt(context.firstOffset);
  const last = first + BigInt(context.lastOffsetDelta);
  const code = error instanceof Failure ? error.code : 'batch_damaged';
  const message = `The batch of ${count} records at the offsets ${first} to ${last}, ${packed.length} bytes as it came, cannot be read: ${errorText(error)} It stands there as long as the topic keeps it.`;
  const head = Buffer.from(packed.subarray(0, KEPT_BYTES));
  const unreadable: Unreadable = { code, message, head, bytes: packed.length };
  return {
    ...{ magicByte: 2, attributes: 0, timestamp: context.maxTimestamp, offset: last.toString() },
    ...{ key: null, value: null, headers: {}, isControlRecord: context.isControlBatch },
    ...{ batchContext: context, unreadable },
  };
}

function tooMany(count: number): Failure {
  const message = `It holds ${count} records, and at most ${MAX_RECORDS} are read.`;
  return new Failure('poison', 'batch_too_large', message);
}

/** What lies in this process, and not in the batch: another try may work. */
function isOfMemory(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && error.code === 'Z_MEM_ERROR') || /allocation failed/i.test(error.message);
}
