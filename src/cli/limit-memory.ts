import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

const NEW_SPACE_BYTES = 16 * 1_024 * 1_024;
const LOOK_MS = 50;

/**
 * Keeps the process small. V8 is generous by default: it lets garbage of many times the live data pile up before it
 * collects. Here most of what is allocated is dead within milliseconds, so a smaller heap costs little. V8 reads these
 * flags whenever it grows the heap, so setting them late is safe; only the command does it, since the flags belong to
 * the whole process. Called before the modules are loaded, which would grow the new space for nothing.
 */
export function limitMemory(): void {
  setFlagsFromString('--heap-growing-percent=50');
  setFlagsFromString('--semi-space-growth-factor=1');
}

/** From here on the new space may grow, up to a bound. Called once the modules are loaded. */
export function letNewSpaceGrow(): void {
  if (newSpaceBytes() >= NEW_SPACE_BYTES) return;
  setFlagsFromString('--semi-space-growth-factor=2');
  const timer = setInterval(() => {
    if (newSpaceBytes() < NEW_SPACE_BYTES) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    clearInterval(timer);
  }, LOOK_MS).unref();
}

function newSpaceBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;
}
