import { describe, expect, it } from 'vitest';
import { Alarms } from '../../src/streams/alarms.ts';

function watched() {
  const alarms = new Alarms();
  const told: string[] = [];
  alarms.changes.subscribe(({ kind, alarm }) => told.push(`${kind} ${alarm.kind} ${alarm.subject}`));
  return { alarms, told };
}

describe('alarms', () => {
  it('tell an episode once, and its end once', () => {
    const { alarms, told } = watched();
    alarms.raise('stage_stalled', 'research', 'first');
    alarms.raise('stage_stalled', 'research', 'second');
    expect(alarms.open).toMatchObject([{ subject: 'research', text: 'first' }]);
    alarms.clear('stage_stalled', 'research');
    alarms.clear('stage_stalled', 'research');
    expect(alarms.open).toEqual([]);
    expect(told).toEqual(['raised stage_stalled research', 'cleared stage_stalled research']);
  });

  it('keep subjects and kinds apart, oldest first', () => {
    const { alarms } = watched();
    alarms.raise('stage_stalled', 'research', '');
    alarms.raise('call_overdue', 'research', '');
    alarms.raise('stage_stalled', 'review', '');
    alarms.clear('stage_stalled', 'research');
    expect(alarms.open.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual([
      'call_overdue research',
      'stage_stalled review',
    ]);
  });

  it('tell a new episode again', () => {
    const { alarms, told } = watched();
    for (let count = 0; count < 2; count += 1) {
      alarms.raise('write_waits', 'review', '');
      alarms.clear('write_waits', 'review');
    }
    expect(told).toHaveLength(4);
  });
});
