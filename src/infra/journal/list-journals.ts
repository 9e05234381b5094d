import { existsSync, lstatSync } from 'node:fs';
import { OsLock } from '../files/os-lock.ts';
import { openSegment } from './read-segment.ts';
import { damagedFilesIn, lockPath, processFilesIn } from './segment-names.ts';

export type JournalFile = Readonly<{ path: string; bytes: number; changedAt: Date }>;

/** A file that no start of this Millrace can use, and why. */
export type UnusableJournal = JournalFile & Readonly<{ reason: string }>;

/** The files of the journals of a directory. `files`: in use or to be adopted. `damaged`: set aside by a start. */
export type ListedJournals = Readonly<{
  files: readonly JournalFile[];
  unusable: readonly UnusableJournal[];
  damaged: readonly JournalFile[];
}>;

export function listJournals(directory: string, namespace: string): ListedJournals {
  const found = processFilesIn(directory, namespace).flatMap(({ id, segments }) => {
    const unusable = segments.flatMap((path) => unusableAt(path, namespace));
    const isHeldElsewhere = unusable.length > 0 && isHeld(lockPath(directory, namespace, id));
    return isHeldElsewhere ? { segments, unusable: [] } : { segments, unusable };
  });
  const unusable = found.flatMap((each) => each.unusable);
  const isUsable = ({ path }: JournalFile) => unusable.every((each) => each.path !== path);
  return {
    files: found.flatMap(({ segments }) => segments.flatMap(fileAt)).filter(isUsable),
    unusable,
    damaged: damagedFilesIn(directory, namespace).flatMap(fileAt),
  };
}

export function journalBytes(files: readonly JournalFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

function unusableAt(path: string, namespace: string): readonly UnusableJournal[] {
  const segment = openSegment(path, namespace);
  return typeof segment === 'string' ? fileAt(path).map((file) => ({ ...file, reason: segment })) : [];
}

/** A file may go in between: the store has what was in it. */
function fileAt(path: string): readonly JournalFile[] {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat === undefined ? [] : [{ path, bytes: stat.size, changedAt: stat.mtime }];
}

/** Whether a process lives that writes them: one of another version, where this one cannot read them. */
function isHeld(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    const lock = OsLock.take(path);
    lock?.release();
    return lock === undefined;
  } catch {
    return false;
  }
}
