import { expect, it } from 'vitest';
import { Database } from '../../../../src/infra/engines/sqlite/database.ts';
import { SqliteTables } from '../../../../src/infra/engines/sqlite/table/tables.ts';
import { Workers } from '../../../../src/stages/store/repositories/workers.ts';
import { LISTED_SECONDS } from '../../../../src/stages/store/worker-repository.ts';
import { tempDir } from '../../../support/temp-dir.ts';

it('a worker that is silent is listed no more after a while, and swept away later', async () => {
  const db = new Database(`${await tempDir()}/data.db`);
  const book = new Workers(new SqliteTables(db));
  const worker = { host: 'h', pid: 1, version: '1', since: '', stages: [], endpoints: [], alarms: [] };
  await book.show({ id: 'silent', ...worker });
  db.prepare('UPDATE workers SET seen = seen - ?').run(LISTED_SECONDS + 1);
  await book.show({ id: 'lives', ...worker });
  expect((await book.list()).map((each) => each.worker.id)).toEqual(['lives']);
  db.prepare('UPDATE workers SET seen = seen - 4000').run();
  await book.show({ id: 'new', ...worker });
  expect(db.prepare('SELECT id FROM workers').all()).toEqual([{ id: 'new' }]);
  db.close();
});
