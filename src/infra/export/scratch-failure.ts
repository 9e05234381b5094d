import { accessSync, constants } from 'node:fs';
import { tmpdir } from 'node:os';
import type { SQLOutputValue, StatementSync } from 'node:sqlite';
import { Failure } from '../../streams/failure.ts';
import { environmentVariable } from '../config/environment-variable.ts';

/** Primary result code, https://sqlite.org/rescode.html. */
const SQLITE_FULL = 13;

/** The work on SQLite's temporary file, where a full disk is a fatal Failure `disk_full` that says what to do. */
export function onScratch<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isFull(error)) throw error;
    const text = `The disk of the temporary directory ${scratchDirectory()} is full, where the ledger is sorted. Free some space, or name another directory with the variable SQLITE_TMPDIR, and export again: nothing is lost.`;
    throw new Failure('fatal', 'disk_full', text, { cause: error });
  }
}

/** The rows of a query, one after the other. Throws as `onScratch`: reading, too, may first have to write what the cache holds. */
export function* scratchRows(query: StatementSync): Generator<Record<string, SQLOutputValue>> {
  const rows = query.iterate();
  for (let row = onScratch(() => rows.next()); row.done !== true; row = onScratch(() => rows.next()))
    yield row.value;
}

function isFull(error: unknown): boolean {
  return (
    error instanceof Error &&
    'errcode' in error &&
    typeof error.errcode === 'number' &&
    (error.errcode & 0xff) === SQLITE_FULL
  );
}

/** The first that may be written, as SQLite looks for it: https://sqlite.org/tempfiles.html. */
function scratchDirectory(): string {
  const named = ['SQLITE_TMPDIR', 'TMPDIR'].map(environmentVariable);
  const usual = process.platform === 'win32' ? [] : ['/var/tmp', '/usr/tmp', '/tmp'];
  return [...named, ...usual].find((path) => path !== undefined && isWritable(path)) ?? tmpdir();
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
