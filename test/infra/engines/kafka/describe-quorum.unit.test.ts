import { expect, it } from 'vitest';
import { quorumClock, quorumRequest } from '../../../../src/infra/engines/kafka/describe-quorum.ts';

const NOW = 1_790_000_000_000;

const int16 = (value: number) => [value >> 8, value & 0xff];
const int32 = (value: number) => [0, 0, ...int16(value)];
function int64(value: number): readonly number[] {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return [...bytes];
}
const replica = (id: number, at: number) => [...int32(id), ...int64(9), ...int64(at), ...int64(at), 0];

/** Of a quorum of two, whose leader is the second. */
function answer({ error = 0, partitionError = 0, at = NOW } = {}): Buffer {
  const name = Buffer.from('__cluster_metadata');
  const voters = [3, ...replica(1, NOW - 5_000), ...replica(2, at)];
  const partition = [
    ...int32(0),
    ...int16(partitionError),
    ...int32(2),
    ...int32(1),
    ...int64(9),
    ...voters,
    1,
    0,
  ];
  return Buffer.from([0, ...int16(error), 2, name.length + 1, ...name, 2, ...partition, 0, 0]);
}

it('the clock of a quorum is that of its leader', () => {
  expect(quorumClock(answer())).toBe(NOW);
});

it('an error, a clock that is not told, and an answer that breaks off tell no time', () => {
  const cut = answer().subarray(0, 60);
  for (const each of [
    answer({ error: 31 }),
    answer({ partitionError: 3 }),
    answer({ at: -1 }),
    cut,
    Buffer.alloc(0),
  ])
    expect(quorumClock(each)).toBeUndefined();
});

it('the request names the topic of the quorum and its one partition', () => {
  const text = quorumRequest().toString('latin1');
  expect(text).toBe('\0\x02\x13__cluster_metadata\x02\0\0\0\0\0\0\0');
});
