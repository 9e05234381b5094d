const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

/** What a batch says of all its records, under kafkajs's names. */
export type RecordContext = Readonly<ReturnType<typeof contextOf>>;

/** @param body what stands behind the length of the batch. */
export function contextOf(firstOffset: bigint, body: Buffer) {
  const attributes = body.readInt16BE(9);
  return {
    firstOffset: firstOffset.toString(),
    partitionLeaderEpoch: body.readInt32BE(0),
    inTransaction: (attributes & TRANSACTIONAL) > 0,
    isControlBatch: (attributes & CONTROL) > 0,
    lastOffsetDelta: body.readInt32BE(11),
    firstTimestamp: body.readBigInt64BE(15).toString(),
    maxTimestamp: body.readBigInt64BE(23).toString(),
    producerId: body.readBigInt64BE(31).toString(),
    producerEpoch: body.readInt16BE(39),
    firstSequence: body.readInt32BE(41),
    timestampType: (attributes & LOG_APPEND_TIME) > 0 ? 1 : 0,
    magicByte: 2,
  };
}
