import { join } from 'node:path';
import { Database } from '../../../../src/infra/engines/sqlite/database.ts';
import { EmbeddedStore } from '../../../../src/infra/engines/sqlite/store.ts';
import { SqliteTables } from '../../../../src/infra/engines/sqlite/table/tables.ts';
import type { QuestionId } from '../../../../src/streams/work/work.ts';
import { describeTables } from '../../../../src/testing/tables-suite.ts';
import { tempDir } from '../../../support/temp-dir.ts';

describeTables('SQLite', async () => {
  const db = new Database(join(await tempDir(), 'test.db'));
  const { forgotten } = new EmbeddedStore(db);
  const forget = (ids: readonly string[]) => forgotten.mark(ids.map((id) => id as QuestionId));
  return { tables: new SqliteTables(db), forget, close: async () => db.close() };
});
