import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Twice what V8 calls a semi-space: 8 MiB of garbage, then a scavenge. */
const NEW_SPACE_BYTES = 16 * 1_024 * 1_024;
/** What V8 begins with, of which it tells a half before the first scavenge. */
const FIRST_BYTES = 2 * 1_024 * 1_024;
/** 96 KiB each: what is larger is not in the new space. */
const KEPT_WORDS = 12_288;
const MOST_KEPT = 256;

/**
 * Keeps the process small. V8 is generous by default: it lets garbage of many times the live data pile up before it
 * collects. Here most of what is allocated is dead within milliseconds, so a smaller heap costs little, and several threads
 * that share the scavenging of so small a new space spend more on each other than they save. V8 reads these
 * flags whenever it grows or collects the heap, so setting them late is safe; only the command does it, since the flags belong to
 * the whole process. Called before the modules are loaded, which would grow the new space for nothing.
 */
export function limitMemory(): void {
  setFlagsFromString('--heap-growing-percent=60');
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--no-parallel-scavenge');
}

/**
 * Brings the new space to its bound, here and now, by keeping a few megabytes alive over some scavenges, and lets it go no
 * further. Left to V8 it doubles whenever much survives, and while a start is busy no timer would stop it before it has come to
 * 128 MiB. Called once the modules are loaded.
 */
export function growNewSpace(): void {
  const kept: object[] = [];
  for (
    let bytes = newSpaceBytes();
    bytes < NEW_SPACE_BYTES && kept.length < MOST_KEPT;
    bytes = newSpaceBytes()
  ) {
    // In one step: each scavenge of a young process lowers the limit at which V8 marks the whole heap for the first time.
    const times = Math.ceil(NEW_SPACE_BYTES / Math.max(bytes, FIRST_BYTES));
    setFlagsFromString(`--semi-space-growth-factor=${times}`);
    kept.push(new Array(KEPT_WORDS).fill(kept));
  }
  setFlagsFromString('--semi-space-growth-factor=1');
}

function newSpaceBytes(): number {
  return (
    getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ??
    NEW_SPACE_BYTES
  );
}
