import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { counted } from '../../../src/features/dataset/export-progress.ts';

async function* rowsEvery(count: number, ms: number): AsyncGenerator<number> {
  for (let row = 0; row < count; row += 1) {
    vi.advanceTimersByTime(ms);
    yield row;
  }
}

describe('the progress of an export', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is told a few times a second, and every row passes', async () => {
    const told: number[] = [];
    const rows: number[] = [];
    for await (const row of counted(rowsEvery(1_000, 1), (written) => told.push(written))) rows.push(row);
    expect(rows).toHaveLength(1_000);
    expect(told).toEqual([200, 400, 600, 800, 1_000]);
  });
});
