import { rmSync } from 'node:fs';
import { asFailure } from '../../streams/failure.ts';
import { OsLock } from '../files/os-lock.ts';
import { type LeftFile, leftFile } from './left-file.ts';
import { readSegment } from './read-segment.ts';
import { damagedFilesIn, journalIdOf, lockPath, processFilesIn } from './segment-names.ts';

/** The journal of a dead process. `release` it when nothing of it is looked at any more. */
export type AdoptedJournal = Readonly<{
  id: string;
  files: readonly LeftFile[];
  /** Whether a file of it stands aside now, be it that another start set it aside. */
  isSetAside(): boolean;
  release(): void;
}>;

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
      const files = segments.map((file) => leftFile(file, () => readSegment(file, namespace)));
      const isSetAside = () => damagedFilesIn(directory, namespace).some((file) => journalIdOf(file) === id);
      return [{ id, files, isSetAside, release: () => release(path, lock) }];
    } catch (error) {
      onTrouble(segments[0] ?? path, asFailure(error).message);
      return [];
    }
  });
}

function release(path: string, lock: OsLock): void {
  rmSync(path, { force: true });
  lock.release();
}
