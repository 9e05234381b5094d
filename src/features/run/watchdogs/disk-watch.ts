import { statfs } from 'node:fs/promises';
import type { AlarmSink } from '../../../streams/alarms.ts';

const MIB = 1_024 * 1_024;
const LOOK_MS = 15_000;
/** Over again only with a fifth more than the threshold, so that it does not come and go. */
const RELIEF = 1.2;

export type DiskWatchOptions = Readonly<{
  alarms: AlarmSink;
  directory: string;
  /** Less free space than this is too little. */
  leastFreeBytes: number;
  /** Free space that a user may fill, in bytes. Default: what the file system says. */
  freeBytes?: (directory: string) => Promise<number>;
}>;

/** Sees that the disk of the data directory is nearly full, while there is time to do something. */
export function diskWatch({ alarms, directory, leastFreeBytes, freeBytes = freeBytesOf }: DiskWatchOptions) {
  let nextMs = 0;
  let free: number | undefined;
  const judge = (found: number) => {
    free = found;
    if (found < leastFreeBytes) alarms.raise('disk_nearly_full', directory, textOf(directory, found));
    else if (found > leastFreeBytes * RELIEF) alarms.clear('disk_nearly_full', directory);
  };
  return {
    /** As of the last look. */
    get freeBytes(): number | undefined {
      return free;
    },
    look(nowMs: number): void {
      if (nowMs < nextMs) return;
      nextMs = nowMs + LOOK_MS;
      // Where there is no answer there is nothing to say.
      freeBytes(directory).then(judge, () => undefined);
    },
  };
}

async function freeBytesOf(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

function textOf(directory: string, free: number): string {
  return (
    `The disk of ${directory} has ${Math.floor(free / MIB)} MiB left. When it is full, everything waits until there is room; ` +
    `whoever ends the process before that pays again for the answers that only its memory has. Make room, or move the data directory (--data).`
  );
}
