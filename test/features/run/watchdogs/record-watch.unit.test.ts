import { describe, expect, it } from 'vitest';
import { recordWatch, STUCK_MS } from '../../../../src/features/run/watchdogs/record-watch.ts';
import { Alarms } from '../../../../src/streams/alarms.ts';
import type { Moving } from '../../../../src/streams/delivery/in-hand.ts';
import { outage } from '../../../support/failures.ts';
import { logRecord } from '../../../support/stage/records.ts';

const TICK_MS = 1_000;

/** A watch that looks once a second. */
function rig() {
  const alarms = new Alarms();
  const clock = { nowMs: 0 };
  const hand: { oldest: Moving | undefined } = {
    oldest: { record: logRecord({ topic: 'm.research', partition: 2, offset: 41n, key: 'q9' }), sinceMs: 0 },
  };
  const watch = recordWatch({
    alarms,
    oldest: () => [['research', hand.oldest]],
    now: () => clock.nowMs,
  });
  const until = (nowMs: number) => {
    for (; clock.nowMs <= nowMs; clock.nowMs += TICK_MS) watch.look(clock.nowMs);
    return alarms.open.length;
  };
  const refused = (stage: string) => watch.onEvent({ kind: 'write-waits', stage, failure: outage() });
  return { alarms, clock, hand, watch, until, refused };
}

describe('a record watch', () => {
  it('tells once of a record that stands still, which one it is and what to do, until it moves', () => {
    const { alarms, hand, until } = rig();
    const told: string[] = [];
    alarms.changes.subscribe(({ kind }) => told.push(kind));
    expect(until(STUCK_MS)).toBe(0);
    expect(until(2 * STUCK_MS)).toBe(1);
    expect(alarms.open[0]).toMatchObject({ kind: 'record_stuck', subject: 'research' });
    expect(alarms.open[0]?.text).toContain('m.research:2:41 (question q9)');
    expect(alarms.open[0]?.text).toContain('Stop this process and start it again');
    hand.oldest = undefined;
    expect(until(2 * STUCK_MS + TICK_MS)).toBe(0);
    expect(told).toEqual(['raised', 'cleared']);
  });

  it('has nothing against records that wait for a known reason, however long', () => {
    const { hand, until } = rig();
    hand.oldest = undefined;
    expect(until(100 * STUCK_MS)).toBe(0);
  });

  it('knows that writes are refused, to the stage or to the budget, and counts from the last refusal', () => {
    for (const stage of ['research', 'budget']) {
      const { clock, until, refused } = rig();
      for (let count = 0; count < 100; count += 1) {
        expect(until(count * 5_000)).toBe(0);
        refused(stage);
      }
      const lastMs = clock.nowMs;
      expect(until(lastMs + STUCK_MS)).toBe(0);
      expect(until(lastMs + STUCK_MS + TICK_MS)).toBe(1);
    }
  });

  it('sees it although the writes of another stage are refused', () => {
    const { until, refused } = rig();
    until(STUCK_MS);
    refused('review');
    expect(until(2 * STUCK_MS)).toBe(1);
  });

  it('does not count the time in which its process was suspended', () => {
    const { clock, until } = rig();
    until(10_000);
    clock.nowMs += 3_600_000;
    expect(until(clock.nowMs + STUCK_MS)).toBe(0);
    expect(until(clock.nowMs + 2 * TICK_MS)).toBe(1);
  });
});
