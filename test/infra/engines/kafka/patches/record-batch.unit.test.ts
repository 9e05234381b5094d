import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { decodeBatch } from '../../../../../src/infra/engines/kafka/patches/record-batch.ts';

const load = createRequire(import.meta.url);
const buffered = z.object({ buffer: z.instanceof(Buffer) });

/** A batch as kafkajs writes it. */
async function batchOf(
  messages: readonly Readonly<{ key: string; value: string; headers?: object }>[],
  packed?: Buffer,
) {
  const encoder = load('kafkajs/src/protocol/recordBatch/v0');
  const record = load('kafkajs/src/protocol/recordBatch/record/v0');
  const records = messages.map((message, index) =>
    record({ ...message, offsetDelta: index, timestampDelta: 5 }),
  );
  const made = await encoder.RecordBatch({
    records: packed === undefined ? records : [],
    firstTimestamp: 1_700_000_000_000,
    maxTimestamp: 1_700_000_000_005,
    lastOffsetDelta: messages.length - 1,
  });
  const { buffer } = buffered.parse(made);
  const whole = Buffer.from(packed === undefined ? buffer : Buffer.concat([buffer.subarray(0, 61), packed]));
  whole.writeBigInt64BE(40n, 0);
  whole.writeInt32BE(whole.length - 12, 8);
  whole.writeInt32BE(messages.length, 57);
  return whole;
}

const GZIP = { decompress: async () => Promise.reject(new Error('incorrect header check')) };

describe('a record batch', () => {
  it('is read as kafkajs reads it', async () => {
    const whole = await batchOf([
      { key: 'a', value: 'one', headers: { h: 'x', other: 'y' } },
      { key: 'b', value: 'Grüße' },
    ]);
    const ours = await decodeBatch({ buffer: whole, offset: 0 }, () => null);
    const Decoder = load('kafkajs/src/protocol/decoder');
    const Record = load('kafkajs/src/protocol/recordBatch/record/v0/decoder');
    const theirs = new Decoder(whole.subarray(61));
    const read = [0, 1].map(() =>
      Record(new Decoder(theirs.readVarIntBytes()), ours?.records[0] && context(ours.records[0])),
    );
    expect(ours?.records.map(plain)).toEqual(read.map(plain));
  });

  it('that is damaged is one record at its last offset, which says so', async () => {
    const whole = await batchOf(
      [
        { key: 'a', value: '1' },
        { key: 'b', value: '2' },
      ],
      gzipSync('no records'),
    );
    const decoder = { buffer: whole, offset: 0 };
    const batch = await decodeBatch(decoder, () => GZIP);
    const message = expect.stringContaining('at the offsets 40 to 41');
    expect(batch?.records).toMatchObject([
      { offset: '41', value: null, unreadable: { code: 'batch_damaged', message } },
    ]);
    expect(decoder.offset).toBe(whole.length);
  });

  it('of more records than are read is one record too', async () => {
    const whole = await batchOf([{ key: 'a', value: '1' }]);
    whole.writeInt32BE(2 ** 31 - 1, 57);
    const batch = await decodeBatch({ buffer: whole, offset: 0 }, () => null);
    expect(batch?.records).toMatchObject([{ unreadable: { code: 'batch_too_large' } }]);
  });

  it('with a hundred thousand headers is read as fast as its bytes come', async () => {
    const headers = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`h${index}`, 'x']));
    const whole = await batchOf([{ key: 'a', value: '1', headers }]);
    const batch = await decodeBatch({ buffer: whole, offset: 0 }, () => null);
    expect(batch?.records).toMatchObject([{ headers: { h99999: Buffer.from('x') } }]);
  });

  it('that has not come as a whole is none', async () => {
    const whole = await batchOf([{ key: 'a', value: '1' }]);
    const cut = whole.subarray(0, whole.length - 1);
    expect(await decodeBatch({ buffer: cut, offset: 0 }, () => null)).toBeUndefined();
  });
});

const context = (record: object): unknown => Reflect.get(record, 'batchContext');
const plain = (record: object) => ({ ...record, headers: { ...Reflect.get(record, 'headers') } });
