import { afterEach, describe, expect, it, vi } from 'vitest';
import { shadowLags } from '../../../src/features/judges/shadow-lags.ts';
import { Failure } from '../../../src/streams/failure.ts';
import type { Offset } from '../../../src/streams/log/log.ts';

type Committed = Readonly<Record<string, readonly (Offset | undefined)[]>>;

/** A log of two partitions, whose first 10 records were deleted. */
function logWith(committed: Committed) {
  return {
    beginningOffsets: async () => new Map([10n, 10n].entries()),
    committedOffsets: async (group: string) => {
      const offsets = committed[group] ?? [];
      return new Map([...offsets.entries()].flatMap(([at, to]) => (to === undefined ? [] : [[at, to]])));
    },
  };
}

function logThat(read: () => Promise<never>) {
  return { beginningOffsets: read, committedOffsets: read };
}

describe('the lag of a shadow judge', () => {
  afterEach(() => void vi.useRealTimers());

  it('is what the live judge has settled and the shadow has not, over all partitions', async () => {
    const lagOf = shadowLags(
      logWith({ 'n.review': [40n, 100n], 'n.shadow.strict': [30n, 95n], 'n.shadow.new': [40n, 100n] }),
      'n',
    );
    expect(await lagOf('strict')).toBe(15);
    expect(await lagOf('new')).toBe(0);
  });

  it('counts from the first record that is still there where nothing was committed', async () => {
    const lagOf = shadowLags(logWith({ 'n.review': [40n, undefined], 'n.shadow.strict': [undefined] }), 'n');
    expect(await lagOf('strict')).toBe(30);
  });

  it('owes nothing where the shadow is ahead', async () => {
    const lagOf = shadowLags(logWith({ 'n.review': [40n, 20n], 'n.shadow.ahead': [50n, 15n] }), 'n');
    expect(await lagOf('ahead')).toBe(5);
  });

  it('is unknown while the log is away, or does not answer', async () => {
    const away = logThat(async () => {
      throw new Failure('outage', 'unreachable', 'No broker answers.');
    });
    expect(await shadowLags(away, 'n')('strict')).toBeUndefined();
    vi.useFakeTimers();
    const asked = shadowLags(
      logThat(() => new Promise(() => undefined)),
      'n',
    )('strict');
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await asked).toBeUndefined();
  });

  it('is none where there is no topic, and tells what else is wrong', async () => {
    const failing = (code: string) =>
      logThat(async () => {
        throw new Failure('fatal', code, 'There is no such thing.');
      });
    expect(await shadowLags(failing('unknown_topic'), 'n')('strict')).toBe(0);
    await expect(shadowLags(failing('login'), 'n')('strict')).rejects.toMatchObject({ code: 'login' });
  });
});
