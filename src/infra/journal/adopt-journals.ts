import { renameSync, rmSync } from 'node:fs';
import { asFailure } from '../../streams/failure.ts';
import { OsLock } from '../files/os-lock.ts';
import { type ReadSegment, readSegment } from './read-segment.ts';
import { DAMAGED, lockPath, processFilesIn } from './segment-names.ts';

/** A file that a dead process left, ours from now on. */
type AdoptedFile = Readonly<{
  path: string;
  read(): ReadSegment;
  /** Everything in it stands in the store. */
  remove(): void;
  /** The same for what cannot be read. Returns its new name. */
  setAside(): string;
}>;

/** The journal of a dead process. `release` it when nothing of it is looked at any more. */
export type AdoptedJournal = Readonly<{ id: string; files: readonly AdoptedFile[]; release(): void }>;

/** The journals of dead processes; a living one holds the lock of its own. Those that cannot be locked are reported. */
export function adoptJournals(
  directory: string,
  namespace: string,
  onTrouble: (path: string, reason: string) => void,
): readonly AdoptedJournal[] {
  return processFilesIn(directory, namespace).flatMap(({ id, segments }) => {
    const path = lockPath(directory, namespace, id);
    try {
      const lock = OsLock.take(path);
      if (lock === undefined) return [];
      return [
        { id, files: segments.map((file) => adopted(file, namespace)), release: () => release(path, lock) },
      ];
    } catch (error) {
      onTrouble(segments[0] ?? path, asFailure(error).message);
      return [];
    }
  });
}

function adopted(path: string, namespace: string): AdoptedFile {
  return {
    path,
    read: () => readSegment(path, namespace),
    remove: () => rmSync(path, { force: true }),
    setAside: () => {
      const aside = `${path}${DAMAGED}`;
      renameSync(path, aside);
      return aside;
    },
  };
}

function release(path: string, lock: OsLock): void {
  rmSync(path, { force: true });
  lock.release();
}
