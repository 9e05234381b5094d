import { describe, expect, it } from 'vitest';
import { callWatch } from '../../../../src/features/run/watchdogs/call-watch.ts';
import { Alarms } from '../../../../src/streams/alarms.ts';
import { questionId, workKey } from '../../../support/stage/work.ts';

function rig() {
  const alarms = new Alarms();
  const clock = { nowMs: 0 };
  const watch = callWatch({ alarms, timeoutMsOf: () => 60_000, now: () => clock.nowMs });
  return { alarms, clock, watch };
}

describe('a call watch', () => {
  it('sees a call that outlives its time-out, names its question, and is done when it ends', () => {
    const { alarms, watch } = rig();
    const work = workKey({ questionId: questionId('q7') });
    watch.onEvent({ kind: 'call-started', stage: 'research', work });
    watch.look(90_000);
    expect(alarms.open).toEqual([]);
    watch.look(90_001);
    expect(alarms.open).toMatchObject([{ kind: 'call_overdue', subject: 'research' }]);
    expect(alarms.open[0]?.text).toContain('q7');
    watch.onEvent({ kind: 'call-ended', stage: 'research', work });
    watch.look(90_002);
    expect(alarms.open).toEqual([]);
  });

  it('is not misled by younger calls that come and go', () => {
    const { alarms, clock, watch } = rig();
    const [hung, brief] = [workKey(), workKey()];
    watch.onEvent({ kind: 'call-started', stage: 'review', work: hung });
    for (clock.nowMs = 0; clock.nowMs <= 100_000; clock.nowMs += 1_000) {
      watch.onEvent({ kind: 'call-started', stage: 'review', work: brief });
      watch.onEvent({ kind: 'call-ended', stage: 'review', work: brief });
      watch.look(clock.nowMs);
    }
    expect(alarms.open).toHaveLength(1);
  });

  it('counts each attempt anew', () => {
    const { alarms, clock, watch } = rig();
    const work = workKey();
    for (clock.nowMs = 0; clock.nowMs < 300_000; clock.nowMs += 50_000) {
      watch.onEvent({ kind: 'call-started', stage: 'review', work });
      watch.look(clock.nowMs + 49_000);
      watch.onEvent({ kind: 'call-ended', stage: 'review', work });
    }
    expect(alarms.open).toEqual([]);
  });
});
