import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { diskWatch } from '../../../../src/features/run/watchdogs/disk-watch.ts';
import { Alarms } from '../../../../src/streams/alarms.ts';
import { until } from '../../../support/until.ts';

const MIB = 1_024 * 1_024;

function rig() {
  const alarms = new Alarms();
  const disk: { free: number | undefined } = { free: 2_000 * MIB };
  const watch = diskWatch({
    alarms,
    directory: '/data',
    leastFreeBytes: 1_000 * MIB,
    freeBytes: async () => {
      if (disk.free === undefined) throw new Error('no such directory');
      return disk.free;
    },
  });
  let nowMs = 0;
  const look = async (free: number | undefined) => {
    disk.free = free;
    nowMs += 15_000;
    watch.look(nowMs);
    await setImmediate();
    return alarms.open.length;
  };
  return { alarms, look };
}

describe('a disk watch', () => {
  it('sees a disk nearly full and says how much is left; it is over with some room to spare', async () => {
    const { alarms, look } = rig();
    expect(await look(1_000 * MIB)).toBe(0);
    expect(await look(999 * MIB)).toBe(1);
    expect(alarms.open[0]).toMatchObject({ kind: 'disk_nearly_full', subject: '/data' });
    expect(alarms.open[0]?.text).toContain('999 MiB left');
    expect(await look(1_100 * MIB)).toBe(1);
    expect(await look(1_300 * MIB)).toBe(0);
  });

  it('says nothing where there is no answer', async () => {
    expect(await rig().look(undefined)).toBe(0);
  });

  it('asks the file system', async () => {
    const alarms = new Alarms();
    const watch = diskWatch({ alarms, directory: import.meta.dirname, leastFreeBytes: 2 ** 60 });
    watch.look(0);
    await until('it answers', () => alarms.open.length === 1);
    expect(watch.freeBytes).toBeGreaterThan(0);
  });
});
