import { describe, expect, it } from 'vitest';
import { PaidLookUps } from '../../../../src/infra/tools/cache/paid-look-ups.ts';
import { UnsavedWrites } from '../../../../src/streams/work/unsaved-writes.ts';
import { FakeJournal } from '../../../support/fakes/fake-journal.ts';
import { fakeLookUps } from '../../../support/fakes/fake-look-ups.ts';
import { testStop } from '../../../support/stage/stop-signals.ts';

const LOOK_UP = { key: 'k', tool: 'embeddings', atMs: 1, untilMs: 9, sources: [], body: { vector: 'AQI=' } };

function bench() {
  const journal = new FakeJournal();
  const stop = testStop();
  const writes = Promise.withResolvers<void>();
  const kept = fakeLookUps();
  const paid = new PaidLookUps({
    find: (key, nowMs) => kept.find(key, nowMs),
    keep: (lookUp) => writes.promise.then(() => kept.keep(lookUp)),
  });
  const unsaved = new UnsavedWrites({ journal, stop: stop.signals });
  return { journal, paid, writes, through: () => paid.through(unsaved, stop.signals) };
}

describe('a look-up that was paid for', () => {
  it('stands in the journal in the turn in which it comes, until it is kept', async () => {
    const { journal, paid, writes, through } = bench();
    through();
    const kept = paid.keep(LOOK_UP);
    expect([...journal.standing]).toEqual([{ kind: 'look-up', lookUp: LOOK_UP }]);
    writes.resolve();
    expect(await kept).toEqual(LOOK_UP.body);
    expect([...journal.standing]).toEqual([]);
    expect(await paid.find('k', 2)).toEqual(LOOK_UP.body);
  });

  it('is kept alone where no session has a journal', async () => {
    const { journal, paid, writes } = bench();
    writes.resolve();
    expect(await paid.keep(LOOK_UP)).toEqual(LOOK_UP.body);
    expect(journal.entries).toEqual([]);
  });
});
