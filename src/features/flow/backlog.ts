import { stageNames } from '../../stages/stage-names.ts';
import type { Log } from '../../streams/log/log.ts';
import { readLags } from './lag.ts';

/** Records that wait to be worked, all stages together. */
export async function backlogOf(
  log: Pick<Log, 'endOffsets' | 'committedOffsets' | 'beginningOffsets'>,
  namespace: string,
): Promise<number> {
  const lags = await readLags(log, namespace);
  return stageNames().reduce((sum, stage) => sum + (lags.get(stage) ?? 0), 0);
}

/** Repeats a look at most every `everyMs`, however many ask. */
export function cached<T>(look: () => Promise<T>, everyMs: number): () => Promise<T> {
  let last: Readonly<{ atMs: number; found: Promise<T> }> | undefined;
  return () => {
    const nowMs = performance.now();
    if (last === undefined || nowMs - last.atMs > everyMs) {
      const found = look();
      last = { atMs: nowMs, found };
      found.catch(() => {
        last = undefined;
      });
    }
    return last.found;
  };
}
