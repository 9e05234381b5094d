import { createHash } from 'node:crypto';
import type { WorkId } from '../streams/work/work.ts';

/** Whether a work is among a share of all works, from 0 to 1: always the same for the same work, and spread evenly. */
export function isDrawn(workId: WorkId, share: number, lot: string): boolean {
  const hash = createHash('sha256').update(`${lot} ${workId}`).digest();
  return hash.readUInt32BE(0) / 2 ** 32 < share;
}
