import { describe, expect, it } from 'vitest';
import { writeWatch } from '../../../../src/features/run/watchdogs/write-watch.ts';
import { Alarms } from '../../../../src/streams/alarms.ts';
import { outage } from '../../../support/failures.ts';

describe('a write watch', () => {
  it('shows refused writes until none was refused for a while', () => {
    const alarms = new Alarms();
    const clock = { nowMs: 0 };
    const watch = writeWatch(alarms, () => clock.nowMs);
    for (clock.nowMs = 0; clock.nowMs < 60_000; clock.nowMs += 5_000) {
      watch.onEvent({ kind: 'write-waits', stage: 'review', failure: outage() });
      watch.look(clock.nowMs);
      expect(alarms.open).toMatchObject([{ kind: 'write_waits', subject: 'review' }]);
    }
    watch.look(69_999);
    expect(alarms.open).toHaveLength(1);
    watch.look(70_000);
    expect(alarms.open).toEqual([]);
  });
});
