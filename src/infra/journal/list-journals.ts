import { lstatSync } from 'node:fs';
import { damagedFilesIn, processFilesIn } from './segment-names.ts';

export type JournalFile = Readonly<{ path: string; bytes: number; changedAt: Date }>;

/** The files of the journals of a directory: those in use or to be adopted, and those that were set aside. */
export type ListedJournals = Readonly<{ files: readonly JournalFile[]; damaged: readonly JournalFile[] }>;

export function listJournals(directory: string, namespace: string): ListedJournals {
  const files = processFilesIn(directory, namespace).flatMap(({ segments }) => segments);
  return { files: files.flatMap(fileAt), damaged: damagedFilesIn(directory, namespace).flatMap(fileAt) };
}

export function journalBytes(files: readonly JournalFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** A file may go in between: the store has what was in it. */
function fileAt(path: string): readonly JournalFile[] {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat === undefined ? [] : [{ path, bytes: stat.size, changedAt: stat.mtime }];
}
