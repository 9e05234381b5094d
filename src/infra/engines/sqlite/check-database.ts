import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { LISTED, listedWorker, WORKERS } from '../../../stages/store/repositories/workers.ts';
import type { ListedWorker } from '../../../stages/store/worker-repository.ts';
import { classifySqlite } from './failure.ts';
import { MIGRATIONS } from './schema.ts';
import { pageOf } from './table/statements.ts';

/** The whole file is read: a larger one would hold up everything else. */
const MOST_BYTES = 2 * 1_024 ** 3;

export type DatabaseCheck = Readonly<{
  bytes: number;
  version: number;
  newestVersion: number;
  /** What SQLite found (https://sqlite.org/pragma.html#pragma_quick_check); `undefined` for a file too large to look. */
  problems: readonly string[] | undefined;
  workers: readonly ListedWorker[];
}>;

/** Checks a database without changing it, while others may be working on it. Throws a Failure if it cannot be read. */
export function checkDatabase(path: string): DatabaseCheck {
  try {
    const { size } = statSync(path);
    const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
    try {
      const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
      const found = size > MOST_BYTES ? undefined : db.prepare('PRAGMA quick_check(20)').all();
      const problems = found?.map((row) => String(row['quick_check'])).filter((text) => text !== 'ok');
      const shown = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'workers'").get() !== undefined;
      const listed = pageOf(WORKERS, LISTED);
      const rows = shown && version <= MIGRATIONS.length ? db.prepare(listed.sql).all(...listed.values) : [];
      const workers = rows.map(listedWorker);
      return { bytes: size, version, newestVersion: MIGRATIONS.length, problems, workers };
    } finally {
      db.close();
    }
  } catch (error) {
    throw classifySqlite(error, path);
  }
}
