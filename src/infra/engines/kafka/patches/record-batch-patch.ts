import kafkajs from 'kafkajs';
import { z } from 'zod';
import { replaceFunction } from './kafkajs-method.ts';
import { decodeBatch, type FetchDecoder } from './record-batch.ts';

const CODEC_MASK = 0x07;
const decoderSchema = z.custom<FetchDecoder>(
  (value) => typeof value === 'object' && value !== null && 'buffer' in value && 'offset' in value,
);

/** One batch that cannot be read makes kafkajs's consumer crash, again at each start: here it becomes one record that says so. */
export function patchRecordBatch(): void {
  replaceFunction('protocol/recordBatch/v0/decoder', (original) => async (given: unknown) => {
    const decoder = decoderSchema.parse(given);
    const { offset } = decoder;
    const batch = await decodeBatch(decoder, codecOf);
    if (batch !== undefined) return batch;
    decoder.offset = offset;
    // It says what kafkajs awaits of a batch that is cut: an error of its own.
    return original(decoder);
  });
}

function codecOf(attributes: number) {
  const codec: unknown = Reflect.get(kafkajs.CompressionCodecs, attributes & CODEC_MASK);
  return typeof codec === 'function' ? codec() : null;
}
