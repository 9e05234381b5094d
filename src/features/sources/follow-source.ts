import { setTimeout as delay } from 'node:timers/promises';
import type { DocumentIndex } from '../../infra/documents/index/document-index.ts';
import type { FoundFile } from '../../infra/documents/walk.ts';
import { Failure } from '../../streams/failure.ts';
import { refreshSource } from './add-source.ts';
import { watchFolder } from './folder-watch.ts';
import type { Added } from './read-source.ts';

export type FollowOptions = Readonly<{
  /** Ends it. What is being read is read to its end. */
  signal: AbortSignal;
  /** Hears what became of the source each time that something of it changed. */
  onRead(added: Added): void;
  /** Hears what keeps it from being read, once each time that it begins. */
  onTrouble(text: string): void;
  /** A file that was written within so many milliseconds may not be whole yet, and waits. Default: 2 s. */
  stillMs?: number;
  /** All of it is looked at so often, in milliseconds, whatever was heard. Default: a minute. */
  everyMs?: number;
}>;

/**
 * Reads a source that was added again whenever something in it changes, until it is told to end. A source that has vanished loses
 * nothing: a disk that is not mounted is no reason to forget what stood on it. Rejects with Failures of kind `fatal` other than
 * `bad_source`.
 */
export async function followSource(
  index: DocumentIndex,
  name: string,
  { signal, onRead, onTrouble, stillMs = 2_000, everyMs = 60_000 }: FollowOptions,
): Promise<void> {
  const root = (await index.source(name))?.root ?? '';
  const changes = await watchFolder(root, (why) =>
    onTrouble(`Changes of ${root} are not told here (${why}): it is looked at every ${everyMs / 1_000} s.`),
  );
  let trouble = '';
  try {
    while (!signal.aborted) {
      let isYoung = false;
      const isStill = ({ mtimeMs }: FoundFile) => {
        const still = mtimeMs <= Date.now() - stillMs || mtimeMs > Date.now() + stillMs;
        isYoung ||= !still;
        return still;
      };
      const read = await refreshSource(index, name, isStill).catch((error: unknown) => {
        if (!(error instanceof Failure) || error.code !== 'bad_source') throw error;
        return error.message;
      });
      if (typeof read !== 'string') {
        if (read.added + read.changed + read.removed > 0) onRead(read);
      } else if (read !== trouble) onTrouble(read);
      trouble = typeof read === 'string' ? read : '';
      if (isYoung) await delay(stillMs, undefined, { signal }).catch(() => undefined);
      else await changes.next(everyMs, signal);
    }
  } finally {
    changes.close();
  }
}
