import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

const NEW_SPACE_BYTES = 8 * 1_024 * 1_024;
const LOOK_MS = 50;

/**
 * Keeps the process small. V8 is generous by default: it lets garbage of many times the live data pile up before it
 * collects. Here most of what is allocated is dead within milliseconds, so a smaller heap costs little. Both flags are
 * read by V8 whenever it grows the heap, so setting them late is safe; only the command does it, since the flags belong
 * to the whole process.
 */
export function limitMemory(): void {
  setFlagsFromString('--heap-growing-percent=50');
  const timer = setInterval(() => {
    const newSpace = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
    if ((newSpace?.space_size ?? 0) < NEW_SPACE_BYTES) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    clearInterval(timer);
  }, LOOK_MS).unref();
}
