import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Twice what V8 calls a semi-space: 8 MiB of garbage, then a scavenge. */
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

/**
 * From here on the new space grows to its bound, in one step, and not beyond it. V8 shrinks it in a quiet hour: then it may
 * grow again. Called once the modules are loaded.
 */
export function letNewSpaceGrow(): void {
  let factor = 1;
  const look = () => {
    const wanted = growthFactor(newSpaceBytes());
    if (wanted !== factor) setFlagsFromString(`--semi-space-growth-factor=${wanted}`);
    factor = wanted;
  };
  look();
  setInterval(look, LOOK_MS).unref();
}

/** By what the new space is multiplied when it grows next, so that it becomes as large as it may be: 1 where it is. */
export function growthFactor(bytes: number): number {
  return Math.max(1, Math.floor(NEW_SPACE_BYTES / Math.max(bytes, 1)));
}

function newSpaceBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;
}
