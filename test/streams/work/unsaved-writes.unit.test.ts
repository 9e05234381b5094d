import { describe, expect, it } from 'vitest';
import type { JournalMark, Unsaved } from '../../../src/streams/work/journal.ts';
import { UnsavedWrites } from '../../../src/streams/work/unsaved-writes.ts';
import { workIdOf } from '../../../src/streams/work/work.ts';
import { fatal, poison } from '../../support/failures.ts';
import { FakeJournal } from '../../support/fakes/fake-journal.ts';
import { testStop } from '../../support/stage/stop-signals.ts';
import { finished, tokenOf, workKey } from '../../support/stage/work.ts';

const unsaved = (token: string): Unsaved => ({
  ...{ kind: 'answer', stage: 'research', workId: workIdOf(workKey()), token: tokenOf(token) },
  finished: finished('paid'),
});
const never = () => new Promise<never>(() => undefined);

function bench() {
  const stop = testStop();
  const journal = new FakeJournal();
  const left: [number, number][] = [];
  const onLeft = (...counts: [number, number]) => void left.push(counts);
  return { stop, journal, left, writes: new UnsavedWrites({ journal, stop: stop.signals, onLeft }) };
}

function markOf(kept: boolean) {
  const dropped: boolean[] = [];
  const mark: JournalMark = { kept, drop: () => void dropped.push(true) };
  return { mark, dropped };
}

describe('unsaved writes', () => {
  it('are put into the journal before the abort returns, as many as wait and no other', async () => {
    const { stop, journal, left, writes } = bench();
    await writes.through(unsaved('done'), async () => 'stored');
    void writes.through(unsaved('one'), never);
    void writes.through(unsaved('two'), never);
    stop.drain();
    expect(journal.entries).toEqual([]);
    stop.abort();
    expect(journal.entries).toEqual([unsaved('one'), unsaved('two')]);
    expect(left).toEqual([[2, 0]]);
  });

  it('are put there at once where the process is aborted already', () => {
    const { stop, journal, writes } = bench();
    stop.abort();
    void writes.through(unsaved('late'), never);
    expect(journal.entries).toEqual([unsaved('late')]);
  });

  it('are put there once, and not at all where they stand there since they came', () => {
    const { stop, journal, left, writes } = bench();
    void writes.through(unsaved('came'), never, markOf(true).mark);
    void writes.through(unsaved('one'), never, markOf(false).mark);
    writes.leaveAll();
    stop.abort();
    expect(journal.entries).toEqual([unsaved('one')]);
    expect(left).toEqual([[2, 0]]);
  });

  it('that the journal does not take are told of as lost', () => {
    const { journal, left, writes } = bench();
    journal.full = true;
    void writes.through(unsaved('came'), never, markOf(true).mark);
    void writes.through(unsaved('one'), never);
    writes.leaveAll();
    expect(left).toEqual([[1, 1]]);
  });

  it('leave the journal when the store has them, or refuses them', async () => {
    const { writes } = bench();
    const [stored, refused, kept] = [markOf(true), markOf(true), markOf(true)];
    await writes.through(unsaved('stored'), async () => 'stored', stored.mark);
    await expect(
      writes.through(unsaved('no'), () => Promise.reject(poison()), refused.mark),
    ).rejects.toThrow();
    await expect(writes.through(unsaved('yes'), () => Promise.reject(fatal()), kept.mark)).rejects.toThrow();
    expect([stored.dropped, refused.dropped, kept.dropped]).toEqual([[true], [true], []]);
  });

  it('leave the journal too where the store takes them after they were left', async () => {
    const { journal, writes } = bench();
    const { promise, resolve } = Promise.withResolvers<string>();
    const written = writes.through(unsaved('late'), () => promise);
    writes.leaveAll();
    expect(journal.standing.size).toBe(1);
    resolve('stored');
    await written;
    expect(journal.standing.size).toBe(0);
  });

  it('stay unsaved when everything stops over them, and not when they are refused', async () => {
    const { journal, writes } = bench();
    await expect(writes.through(unsaved('kept'), () => Promise.reject(fatal()))).rejects.toThrow();
    await expect(writes.through(unsaved('refused'), () => Promise.reject(poison()))).rejects.toThrow();
    writes.leaveAll();
    expect(journal.entries).toEqual([unsaved('kept')]);
    expect(writes.holds({ workId: workIdOf(workKey()), token: tokenOf('kept') })).toBe(true);
    expect(writes.holds({ workId: workIdOf(workKey()), token: tokenOf('refused') })).toBe(false);
  });
});
