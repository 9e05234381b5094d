import { describe, expect, it } from 'vitest';
import { eventLoopWatch } from '../../../../src/features/run/watchdogs/event-loop-watch.ts';
import { Alarms } from '../../../../src/streams/alarms.ts';

describe('an event-loop watch', () => {
  it('sees that nothing ran for five seconds, and shows it for a minute', () => {
    const alarms = new Alarms();
    const watch = eventLoopWatch(alarms);
    watch.look(0);
    watch.look(1_000);
    expect(alarms.open).toEqual([]);
    watch.look(7_500);
    expect(alarms.open).toMatchObject([{ kind: 'event_loop_blocked' }]);
    expect(alarms.open[0]?.text).toContain('ran for 5.5 s');
    for (let nowMs = 8_500; nowMs < 67_500; nowMs += 1_000) watch.look(nowMs);
    expect(alarms.open).toHaveLength(1);
    watch.look(67_500);
    expect(alarms.open).toEqual([]);
  });

  it('does not mind being somewhat late, and knows by how much', () => {
    const alarms = new Alarms();
    const watch = eventLoopWatch(alarms);
    watch.look(0);
    watch.look(5_500);
    expect(alarms.open).toEqual([]);
    expect(watch.lagMs).toBe(4_500);
    watch.look(6_500);
    expect(watch.lagMs).toBe(0);
  });
});
