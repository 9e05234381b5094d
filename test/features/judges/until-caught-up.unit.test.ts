import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { untilCaughtUp } from '../../../src/features/judges/until-caught-up.ts';
import type { Offset } from '../../../src/streams/log/log.ts';
import { outage } from '../../support/failures.ts';

/** The end of a run of ten records, of which so many are settled by the live judge, and by the shadow. */
function followed(settled: Readonly<{ live: number; own: number }>) {
  const at = { ...settled };
  const committed = vi.fn(async (group: string) => {
    return new Map<number, Offset>([[0, BigInt(group === 'm.review' ? at.live : at.own)]]);
  });
  const state: { heldUpBy: string | undefined; inHand: number } = { heldUpBy: undefined, inHand: 0 };
  const stage = { unsettled: () => state.inHand };
  const shadow = { name: 'strict', stage, heldUpBy: () => state.heldUpBy };
  const notices: string[] = [];
  const session = {
    engine: { log: { committedOffsets: committed } },
    namespace: 'm',
    onNotice: (text: string) => void notices.push(text),
  };
  let ended: 'no' | 'yes' | 'failed' = 'no';
  const begin = () => {
    untilCaughtUp(session, shadow, new Map([[0, 10n]])).then(
      () => {
        ended = 'yes';
      },
      () => {
        ended = 'failed';
      },
    );
  };
  return { at, state, notices, committed, begin, ended: () => ended };
}

describe('a run that waits for its shadow judge', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('ends at once when everything is judged, and says nothing', async () => {
    const { begin, ended, notices } = followed({ live: 10, own: 10 });
    begin();
    await vi.advanceTimersByTimeAsync(0);
    expect([ended(), notices]).toEqual(['yes', []]);
  });

  it('says once what it waits for, and ends when that is judged', async () => {
    const { at, state, begin, ended, notices } = followed({ live: 10, own: 3 });
    state.inHand = 7;
    begin();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([ended(), notices]).toEqual(['no', ['Waiting for the shadow judge strict: 7 records to go.']]);
    at.own = 10;
    await vi.advanceTimersByTimeAsync(100);
    expect([ended(), notices.length]).toEqual(['yes', 1]);
  });

  it('does not wait for what the live judge cannot settle, and says how much is left', async () => {
    const { begin, ended, notices } = followed({ live: 6, own: 6 });
    begin();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ended()).toBe('yes');
    expect(notices).toEqual([
      'Not waiting for the shadow judge strict: the live judge has not settled all records (4). It goes on when it is started again.',
    ]);
  });

  it('waits on while the live judge settles one after the other', async () => {
    const { at, begin, ended } = followed({ live: 4, own: 4 });
    begin();
    for (let settled = 5; settled < 10; settled += 1) {
      await vi.advanceTimersByTimeAsync(1_000);
      at.live = settled;
      at.own = settled;
    }
    expect(ended()).toBe('no');
  });

  it('does not wait for a shadow that is held up, nor for another process that stands still', async () => {
    const { state, begin, ended, notices } = followed({ live: 10, own: 3 });
    begin();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(ended()).toBe('no');
    await vi.advanceTimersByTimeAsync(15_000);
    expect([ended(), notices.at(-1)]).toEqual([
      'yes',
      expect.stringContaining('another process has its records'),
    ]);
    const other = followed({ live: 10, own: 3 });
    other.state.heldUpBy = 'its endpoint is away';
    other.begin();
    await vi.advanceTimersByTimeAsync(0);
    expect([other.ended(), other.notices]).toEqual([
      'yes',
      [expect.stringContaining('its endpoint is away')],
    ]);
    expect(state.heldUpBy).toBeUndefined();
  });

  it('says nothing of one that has stopped: that was told', async () => {
    const { state, begin, ended, notices } = followed({ live: 10, own: 3 });
    state.heldUpBy = 'stopped';
    begin();
    await vi.advanceTimersByTimeAsync(0);
    expect([ended(), notices]).toEqual(['yes', []]);
  });

  it('waits out a short outage of the log, and fails after a long one', async () => {
    const { committed, begin, ended, state } = followed({ live: 10, own: 3 });
    state.inHand = 7;
    begin();
    committed.mockRejectedValueOnce(outage());
    await vi.advanceTimersByTimeAsync(5_000);
    expect(ended()).toBe('no');
    committed.mockRejectedValue(outage());
    await vi.advanceTimersByTimeAsync(20_000);
    expect(ended()).toBe('failed');
  });
});
