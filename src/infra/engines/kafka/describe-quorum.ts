import { type Decoder, decoderOf } from './patches/kafkajs-decoder.ts';

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
    return clockIn(decoderOf(bytes));
  } catch {
    return undefined;
  }
}

function clockIn(answer: Decoder): number | undefined {
  answer.readTaggedFields();
  if (answer.readInt16() !== 0 || answer.readUVarInt() !== lengthOf(1)) return undefined;
  answer.readUVarIntString();
  if (answer.readUVarInt() !== lengthOf(1)) return undefined;
  answer.readInt32();
  if (answer.readInt16() !== 0) return undefined;
  const leader = answer.readInt32();
  answer.readInt32();
  answer.readInt64();
  for (let left = answer.readUVarInt(); left >= lengthOf(1); left -= 1) {
    const replica = answer.readInt32();
    answer.readInt64();
    answer.readInt64();
    const upToDateAt = Number(answer.readInt64());
    answer.readTaggedFields();
    if (replica === leader) return upToDateAt > 0 ? upToDateAt : undefined;
  }
  return undefined;
}
