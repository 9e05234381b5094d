import { statfs } from 'node:fs/promises';
import type { AlarmSink } from '../../../streams/alarms.ts';
import type { Watchdog } from './watchdog.ts';

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
export class DiskWatch implements Watchdog {
  readonly #options: DiskWatchOptions;
  #nextMs = 0;
  #free: number | undefined;

  constructor(options: DiskWatchOptions) {
    this.#options = options;
  }

  /** As of the last look. */
  get freeBytes(): number | undefined {
    return this.#free;
  }

  look(nowMs: number): void {
    if (nowMs < this.#nextMs) return;
    this.#nextMs = nowMs + LOOK_MS;
    const { directory, freeBytes = freeBytesOf } = this.#options;
    // Where there is no answer there is nothing to say.
    freeBytes(directory).then(
      (free) => this.#judge(free),
      () => undefined,
    );
  }

  #judge(free: number): void {
    const { alarms, directory, leastFreeBytes } = this.#options;
    this.#free = free;
    if (free < leastFreeBytes) alarms.raise('disk_nearly_full', directory, textOf(directory, free));
    else if (free > leastFreeBytes * RELIEF) alarms.clear('disk_nearly_full', directory);
  }
}

async function freeBytesOf(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

function textOf(directory: string, free: number): string {
  return (
    `The disk of ${directory} has ${Math.floor(free / MIB)} MiB left. When it is full, everything waits until there is room; ` +
    `nothing is lost. Make room: millrace gc takes out records that are done with, or move the data directory (--data).`
  );
}
