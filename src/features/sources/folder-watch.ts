import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { errorText } from '../../streams/failure.ts';
import { onAbort } from '../../streams/stop.ts';

export type FolderWatch = Readonly<{
  /** Resolves when something may have changed since the last call, and at the latest after so many milliseconds, or when it is aborted. */
  next(withinMs: number, signal: AbortSignal): Promise<void>;
  close(): void;
}>;

/**
 * Hears of changes under a folder, or to a file, from the operating system. What it hears is a hint: nobody promises that every change
 * is told. Where nothing can be heard, `onDeaf` is told why, and only the time wakes.
 */
export async function watchFolder(root: string, onDeaf: (why: string) => void): Promise<FolderWatch> {
  let isDirty = false;
  let wake = () => {};
  const hint = () => {
    isDirty = true;
    wake();
  };
  const facts = await stat(root).catch(() => undefined);
  // A file that is put over another one is a new file: its folder hears of both.
  const isFolder = facts?.isDirectory() === true;
  const place = isFolder ? root : dirname(root);
  const watcher = heard(place, isFolder, (name) => {
    if (isFolder || name === null || name === basename(root)) hint();
  });
  if (typeof watcher === 'string') onDeaf(watcher);
  else
    watcher.on('error', (error) => {
      watcher.close();
      onDeaf(error.message);
    });
  return {
    next: async (withinMs, signal) => {
      if (!isDirty && !signal.aborted) {
        const woken = Promise.withResolvers<void>();
        wake = woken.resolve;
        const timer = setTimeout(woken.resolve, withinMs);
        const unheard = onAbort(signal, woken.resolve);
        await woken.promise;
        unheard();
        clearTimeout(timer);
      }
      isDirty = false;
    },
    close: () => {
      if (typeof watcher !== 'string') watcher.close();
    },
  };
}

function heard(
  place: string,
  recursive: boolean,
  onChange: (name: string | null) => void,
): FSWatcher | string {
  try {
    return watch(place, { recursive }, (_, name) => onChange(name));
  } catch (error) {
    return errorText(error);
  }
}
