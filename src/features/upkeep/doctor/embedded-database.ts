import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkDatabase } from '../../../infra/engines/sqlite/check-database.ts';
import { alarmsOf, type Check, failed, ok, warning } from './check.ts';

const MEGABYTE = 1_024 ** 2;

/** The SQLite file: whole, and of a version that this Millrace reads. */
export const embeddedDatabase: Check = {
  name: 'embedded database',
  look: async ({ settings: { data, kafka, mongo }, namespace }) => {
    if (kafka !== undefined && mongo !== undefined) return [];
    const path = join(data, `${namespace}.db`);
    if (!existsSync(path)) return ok(`${path} is not there yet: the first run makes it`);
    const { bytes, version, newestVersion, problems, workers } = checkDatabase(path);
    if (version > newestVersion) return failed(`${path} was written by a newer Millrace`, 'update Millrace');
    const [first] = problems ?? [];
    if (first !== undefined)
      return failed(
        `${path} is damaged: ${first}`,
        'stop the run and restore a back-up; see docs/operations.md',
      );
    const size = `${path}, ${(bytes / MEGABYTE).toFixed(1)} MB`;
    const found =
      problems === undefined
        ? warning(`${size}: too large to be read through here`, `sqlite3 ${path} 'PRAGMA quick_check'`)
        : ok(`${size}: whole`);
    return [found, ...alarmsOf(workers)];
  },
};
