import { describe, expect, it } from 'vitest';
import { type Unsaved, UnsavedWrites } from '../../src/streams/unsaved-writes.ts';
import { workIdOf } from '../../src/streams/work.ts';
import { fatal, poison } from '../support/failures.ts';
import { FakeSpill } from '../support/fake-spill.ts';
import { testStop } from '../support/stop-signals.ts';
import { finished, tokenOf, workKey } from '../support/work.ts';

const unsaved = (token: string): Unsaved => ({
  ...{ kind: 'answer', stage: 'research', workId: workIdOf(workKey()), token: tokenOf(token) },
  finished: finished('paid'),
});
const never = () => new Promise<never>(() => undefined);

function bench() {
  const stop = testStop();
  const spill = new FakeSpill();
  return { stop, spill, writes: new UnsavedWrites(spill, stop.signals) };
}

describe('unsaved writes', () => {
  it('are spilled before the abort returns, as many as wait and no other', async () => {
    const { stop, spill, writes } = bench();
    await writes.through(unsaved('done'), async () => 'stored');
    void writes.through(unsaved('one'), never);
    void writes.through(unsaved('two'), never);
    stop.drain();
    expect(spill.kept).toEqual([]);
    stop.abort();
    expect(spill.kept).toEqual([[unsaved('one'), unsaved('two')]]);
  });

  it('are spilled at once where the process is aborted already', () => {
    const { stop, spill, writes } = bench();
    stop.abort();
    void writes.through(unsaved('late'), never);
    expect(spill.kept).toEqual([[unsaved('late')]]);
  });

  it('are spilled once', () => {
    const { stop, spill, writes } = bench();
    void writes.through(unsaved('one'), never);
    writes.spillAll();
    stop.abort();
    expect(spill.kept).toHaveLength(1);
  });

  it('stay unsaved when everything stops over them, and not when they are refused', async () => {
    const { spill, writes } = bench();
    await expect(writes.through(unsaved('kept'), () => Promise.reject(fatal()))).rejects.toThrow();
    await expect(writes.through(unsaved('refused'), () => Promise.reject(poison()))).rejects.toThrow();
    writes.spillAll();
    expect(spill.kept).toEqual([[unsaved('kept')]]);
    expect(writes.holds({ workId: workIdOf(workKey()), token: tokenOf('kept') })).toBe(true);
    expect(writes.holds({ workId: workIdOf(workKey()), token: tokenOf('refused') })).toBe(false);
  });
});
