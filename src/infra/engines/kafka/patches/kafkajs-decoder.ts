import { createRequire } from 'node:module';
import { z } from 'zod';

/** kafkajs's reader of Kafka's protocol, as far as it is used here. Most of it throws past the end. */
export type Decoder = Readonly<
  Record<'readInt16' | 'readInt32' | 'readUVarInt', () => number> & {
    readInt64(): bigint;
    readUVarIntString(): string | null;
    readTaggedFields(): unknown;
  }
>;

const decoderClass = z.custom<new (bytes: Buffer) => Decoder>((value) => typeof value === 'function');

export function decoderOf(bytes: Buffer): Decoder {
  const Decoder = decoderClass.parse(createRequire(import.meta.url)('kafkajs/src/protocol/decoder'));
  return new Decoder(bytes);
}
