import { join } from 'node:path';
import { z } from 'zod';
import { Database } from '../../src/infra/engines/sqlite/database.ts';
import { type Golden, oneFile } from './golden.ts';

const rows = z.array(z.object({ sql: z.string() }));
const version = z.object({ user_version: z.number() });

/** Tables and indexes of a new data file, after every migration. */
export const sqliteSchema: Golden = {
  name: 'sqlite-schema',
  make: async (directory) => {
    const db = new Database(join(directory, 'golden.db'));
    try {
      const found = db
        .prepare('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name')
        .all();
      const { user_version } = version.parse(db.prepare('PRAGMA user_version').get());
      const statements = rows.parse(found).map(({ sql }) => `${sql};\n`);
      return oneFile('schema.sql', [`PRAGMA user_version = ${user_version};\n`, ...statements].join('\n'));
    } finally {
      db.close();
    }
  },
};
