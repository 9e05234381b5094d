import { chmodSync, closeSync, lstatSync, openSync } from 'node:fs';
import { Failure } from '../../../streams/failure.ts';

/** What SQLite writes beside a database (https://sqlite.org/tempfiles.html). */
const BESIDE = ['', '-wal', '-shm', '-journal'];

/**
 * Makes the file for its owner's eyes only, before SQLite opens it: what SQLite makes beside a database has the mode of
 * the database. A file that exists is never opened here, since closing it would drop the locks of this process on it.
 * Throws a Failure (`data_link`) where one of its files is a symbolic link: SQLite would follow it out of the data directory.
 */
export function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch {
    // It exists, or it cannot be made: then opening the database says why.
  }
  const link = BESIDE.map((ending) => `${path}${ending}`).find(isLink);
  if (link !== undefined) {
    const message = `${link} is a symbolic link, and what is written there would land somewhere else: remove it, or name another directory with --data.`;
    throw new Failure('fatal', 'data_link', message);
  }
  try {
    chmodSync(path, 0o600);
  } catch {
    // It is not ours and keeps its mode, or it is not there.
  }
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}
