import { chmodSync, closeSync, openSync } from 'node:fs';

/**
 * Makes the file for its owner's eyes only, before SQLite opens it: what SQLite makes beside a database has the mode of
 * the database. A file that exists is never opened here, since closing it would drop the locks of this process on it.
 */
export function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch {
    // It exists, or it cannot be made: then opening the database says why.
  }
  try {
    chmodSync(path, 0o600);
  } catch {
    // It is not ours and keeps its mode, or it is not there.
  }
}
