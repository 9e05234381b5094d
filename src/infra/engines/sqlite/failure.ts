import { errorText, Failure, type FailureKind } from '../../../streams/failure.ts';

const SQLITE_BUSY = 5;
const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_TOOBIG = 18;
const SQLITE_CONSTRAINT = 19;
const SQLITE_MISMATCH = 20;
const SQLITE_NOTADB = 26;

const WHOLE_FILE: ReadonlySet<string> = new Set(['read_only', 'cannot_open', 'corrupt']);

/** Sorts an error of SQLite by its primary result code (https://sqlite.org/rescode.html). */
export function classifySqlite(error: unknown, path: string): Failure {
  if (error instanceof Failure) return error;
  const text = errorText(error);
  const failure = (kind: FailureKind, code: string, message: string) =>
    new Failure(kind, code, message, { cause: error });
  switch (resultCodeOf(error)) {
    case SQLITE_FULL:
      return failure(
        'outage',
        'disk_full',
        `The disk under ${path} is full: free some space; the run waits.`,
      );
    case SQLITE_BUSY:
      return failure('outage', 'store_busy', `Another process is writing to ${path}; trying again.`);
    case SQLITE_IOERR:
      return failure('outage', 'store_io', `Reading or writing ${path} failed: ${text}`);
    case SQLITE_READONLY:
      return failure('fatal', 'read_only', `${path} is read-only: make it writable, or name another --data.`);
    case SQLITE_CANTOPEN:
      return failure(
        'fatal',
        'cannot_open',
        `Cannot open ${path}: ${text}. Make its directory writable, or name another one with --data.`,
      );
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return failure('fatal', 'corrupt', `${path} is damaged or no Millrace data: ${text}. Restore a copy.`);
    case SQLITE_TOOBIG:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
      return failure('poison', 'row_refused', `${path} refuses what was to be written: ${text}`);
    default:
      return failure('fatal', 'store_failed', `The store at ${path} failed: ${text}`);
  }
}

/** Whether any write to the file would have failed so: no single row is to blame. */
export function isOfWholeFile({ kind, code }: Failure): boolean {
  return kind === 'outage' || WHOLE_FILE.has(code);
}

function resultCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}
