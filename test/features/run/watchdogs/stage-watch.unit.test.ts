import { describe, expect, it } from 'vitest';
import { type StageLoad, stageWatch } from '../../../../src/features/run/watchdogs/stage-watch.ts';
import { Alarms } from '../../../../src/streams/alarms.ts';
import type { StageEvent } from '../../../../src/streams/delivery/stage-events.ts';
import { transient } from '../../../support/failures.ts';
import { logRecord } from '../../../support/stage/records.ts';
import { attempt, workKey } from '../../../support/stage/work.ts';

const TIMEOUT_MS = 300_000;
const SILENCE_MS = TIMEOUT_MS + 60_000;

function rig() {
  const alarms = new Alarms();
  const clock = { nowMs: 0 };
  const load: { now: StageLoad } = { now: { stage: 'research', waiting: 3, heldBack: false } };
  const watch = stageWatch({
    alarms,
    loads: () => [load.now],
    timeoutMsOf: () => TIMEOUT_MS,
    now: () => clock.nowMs,
  });
  const look = (nowMs: number) => {
    clock.nowMs = nowMs;
    watch.look(nowMs);
    return alarms.open.length;
  };
  return { alarms, clock, load, watch, look };
}

const skipped: StageEvent = {
  kind: 'outcome',
  record: logRecord(),
  stage: 'research',
  outcome: { kind: 'skipped' },
};

describe('a stage watch', () => {
  it('sees a stage with work that shows no sign of life for longer than any call may take', () => {
    const { alarms, watch, clock, look } = rig();
    expect(look(0)).toBe(0);
    expect(look(SILENCE_MS)).toBe(0);
    expect(look(SILENCE_MS + 1)).toBe(1);
    expect(alarms.open[0]).toMatchObject({ kind: 'stage_stalled', subject: 'research' });
    expect(alarms.open[0]?.text).toContain('3 records');
    clock.nowMs = SILENCE_MS + 2;
    watch.onEvent(skipped);
    expect(look(SILENCE_MS + 3)).toBe(0);
  });

  it('has nothing against a stage without work, and counts from when work came', () => {
    const { load, look } = rig();
    load.now = { ...load.now, waiting: 0 };
    expect(look(10 * SILENCE_MS)).toBe(0);
    load.now = { ...load.now, waiting: 1 };
    expect(look(11 * SILENCE_MS)).toBe(0);
    expect(look(12 * SILENCE_MS)).toBe(1);
  });

  it('has nothing against a stage that its endpoint holds back, however long', () => {
    const { load, look } = rig();
    load.now = { ...load.now, heldBack: true };
    for (let count = 0; count < 20; count += 1) expect(look(count * SILENCE_MS)).toBe(0);
  });

  it('waits as long as a server asked to be waited for', () => {
    const { watch, look } = rig();
    const failure = transient({ retryAfterMs: 3_600_000 });
    watch.onEvent({
      kind: 'attempt-failed',
      record: logRecord(),
      stage: 'research',
      work: workKey(),
      attempt: attempt(),
      failure,
    });
    expect(look(3_600_000 + SILENCE_MS)).toBe(0);
    expect(look(3_600_000 + SILENCE_MS + 1)).toBe(1);
  });
});
