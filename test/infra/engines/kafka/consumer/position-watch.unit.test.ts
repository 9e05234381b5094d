import { describe, expect, it } from 'vitest';
import { PositionWatch } from '../../../../../src/infra/engines/kafka/consumer/position-watch.ts';
import { until } from '../../../../support/until.ts';

/** A watch on partitions 0 and 1, where the group stands at 5 and has no commit. */
function watched(committed = async () => new Map([[0, 5n]]), begin = 0n) {
  const jumps: string[] = [];
  const watch = new PositionWatch({
    committed,
    begins: async () => new Map([[0, begin]]),
    onJump: (partition, stood, first) => void jumps.push(`${partition}: ${stood} -> ${first}`),
  });
  watch.onAssigned();
  return { watch, jumps };
}

describe('a position watch', () => {
  it('tells of a jump upwards, once in an assignment', async () => {
    const { watch, jumps } = watched();
    watch.onBatch(0, 8n, 20n);
    watch.onBatch(0, 20n, 21n);
    await until('the jump is told', () => jumps.length > 0);
    watch.onAssigned();
    watch.onBatch(0, 9n, 10n);
    await until('the next one too', () => jumps.length > 1);
    expect(jumps).toEqual(['0: 5 -> 8', '0: 5 -> 9']);
  });

  it('tells of records that were deleted in front of the reader', async () => {
    const { watch, jumps } = watched(undefined, 30n);
    watch.onBatch(0, 5n, 10n);
    watch.onBatch(0, 30n, 31n);
    await until('the jump is told', () => jumps.length > 0);
    expect(jumps).toEqual(['0: 10 -> 30']);
  });

  it('takes no gap for a loss that compaction or a transaction left', async () => {
    const { watch, jumps } = watched(undefined, 3n);
    watch.onBatch(0, 5n, 10n);
    watch.onBatch(0, 12n, 13n);
    watch.onAssigned();
    watch.onBatch(0, 6n, 7n);
    await until('the next assignment is told', () => jumps.length > 0);
    expect(jumps).toEqual(['0: 5 -> 6']);
  });

  it('is silent where reading goes on, starts anew, or the group never stood', async () => {
    const { watch, jumps } = watched();
    watch.onBatch(1, 100n, 101n);
    watch.onBatch(0, 5n, 6n);
    watch.onAssigned();
    watch.onBatch(0, 3n, 4n);
    watch.onAssigned();
    watch.onBatch(0, 6n, 7n);
    await until('the last one is told', () => jumps.length > 0);
    expect(jumps).toEqual(['0: 5 -> 6']);
  });

  it('is silent when nobody can say where the group stands', async () => {
    const answers = [Promise.reject(new Error('away')), Promise.resolve(new Map([[0, 5n]]))];
    const { watch, jumps } = watched(() => answers.shift() ?? Promise.resolve(new Map()));
    watch.onBatch(0, 8n, 9n);
    watch.onAssigned();
    watch.onBatch(0, 9n, 10n);
    await until('the next assignment is told', () => jumps.length > 0);
    expect(jumps).toEqual(['0: 5 -> 9']);
  });
});
