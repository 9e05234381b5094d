import { randomBytes } from 'node:crypto';
import type { Store } from '../../stages/store/store.ts';
import type { LaneName } from '../../streams/work/work.ts';

/** Opens a run, under whose id questions are asked. @param input where they come from, for people. */
export async function openRun(
  runs: Pick<Store['runs'], 'open'>,
  lane: LaneName,
  input: string,
  id = newRunId(),
): Promise<string> {
  await runs.open({ id, lane, startedAt: new Date().toISOString(), input });
  return id;
}

/** Sorts by time, and never repeats. */
export function newRunId(): string {
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  return `run-${stamp}-${randomBytes(3).toString('hex')}`;
}
