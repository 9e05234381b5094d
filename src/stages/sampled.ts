import { createHash } from 'node:crypto';
import type { WorkId } from '../streams/work/work.ts';

/** Whether a work is among a share of all works, from 0 to 1: always the same for the same work, and spread evenly. */
export function isSampled(workId: WorkId, share: number, seed: string): boolean {
  const hash = createHash('sha256').update(`${seed} ${workId}`).digest();
  return hash.readUInt32BE(0) / 2 ** 32 < share;
}
