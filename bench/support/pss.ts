import { readFileSync } from 'node:fs';

/**
 * What a process holds now in megabytes: its own pages and its share of those that others use too. Resident size counts shared
 * pages in full, and is a few dozen megabytes more. `undefined` once the process has ended, and where the system is not Linux.
 */
export function pssMbOf(pid: number | undefined): number | undefined {
  try {
    const [, kilobytes] = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1_024;
  } catch {
    return undefined;
  }
}
