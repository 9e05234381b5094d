import { existsSync, lstatSync } from 'node:fs';
import { OsLock } from '../files/os-lock.ts';
import { segmentBytes, unusableReason } from './read-segment.ts';
import { damagedFilesIn, lockPath, processFilesIn, spillFilesIn } from './segment-names.ts';

/** `changedAt`: when it was written to, or set aside. */
export type JournalFile = Readonly<{ path: string; bytes: number; changedAt: Date }>;

/** A file that no start of this Millrace can use, and why. */
export type UnusableJournal = JournalFile & Readonly<{ reason: string }>;

/**
 * The files of the journals of a directory, and the spill files of Millrace 0.1.0. `files`: in use or to be adopted. `damaged`: set
 * aside by a start.
 */
export type ListedJournals = Readonly<{
  files: readonly JournalFile[];
  unusable: readonly UnusableJournal[];
  damaged: readonly JournalFile[];
}>;

export function listJournals(directory: string, namespace: string): ListedJournals {
  const journals = processFilesIn(directory, namespace);
  const spills = spillFilesIn(directory, namespace);
  const paths = [...journals.flatMap(({ segments }) => segments), ...spills];
  const unusable = [
    ...journals.flatMap(({ id, segments }) => {
      const found = segments.flatMap((path) => unusableAt(path, unusableReason(path, namespace)));
      return found.length > 0 && isHeld(lockPath(directory, namespace, id)) ? [] : found;
    }),
    ...spills.flatMap((path) => unusableAt(path, unusableSpill(path))),
  ];
  const isUsable = ({ path }: JournalFile) => unusable.every((each) => each.path !== path);
  return {
    files: paths.flatMap(fileAt).filter(isUsable),
    unusable,
    damaged: damagedFilesIn(directory, namespace).flatMap(fileAt),
  };
}

export function journalBytes(files: readonly JournalFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

function unusableAt(path: string, reason: string | undefined): readonly UnusableJournal[] {
  return reason === undefined ? [] : fileAt(path).map((file) => ({ ...file, reason }));
}

/** It has no head: a start uses each line of it that it can read. */
function unusableSpill(path: string): string | undefined {
  const bytes = segmentBytes(path, 0);
  return typeof bytes === 'string' ? bytes : undefined;
}

/** A file may go in between: the store has what was in it. A rename changes its `ctime` alone. */
function fileAt(path: string): readonly JournalFile[] {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat === undefined ? [] : [{ path, bytes: stat.size, changedAt: stat.ctime }];
}

/**
 * Whether a process lives that writes them: one of another version, where this one cannot read them. To look is to take the lock for a
 * moment, so that a start passes over them which takes it in that moment: it is done only for files that no start of this Millrace can use.
 */
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
