import { readFileSync } from 'node:fs';

/**
 * What a process holds now in megabytes: its own pages and its share of those that others use too. Resident size counts shared
 * pages in full, and is a few dozen megabytes more. `undefined` once the process has ended, and where the system is not Linux.
 */
export function pssMbOf(pid: number | undefined): number | undefined {
  return megabytesOf(pid, 'Pss');
}

/**
 * Of that, what is no part of a file: the same however many processes of this Node are at work beside it, which share its 57 MB.
 */
export function ownMbOf(pid: number | undefined): number | undefined {
  return megabytesOf(pid, 'Pss_Anon');
}

function megabytesOf(pid: number | undefined, name: string): number | undefined {
  try {
    const rollUp = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const [, kilobytes] = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(rollUp) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1_024;
  } catch {
    return undefined;
  }
}
