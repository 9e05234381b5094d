import { hash } from 'node:crypto';
import type { WorkId } from '../streams/work/work.ts';

/** Whether a work is among a share of all works, from 0 to 1: always the same for the same work, and spread evenly. */
export function isSampled(workId: WorkId, share: number, seed: string): boolean {
  return hash('sha256', `${seed} ${workId}`, 'buffer').readUInt32BE(0) / 2 ** 32 < share;
}
