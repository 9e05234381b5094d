import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Database } from '../../../../src/infra/engines/sqlite/database.ts';
import { EmbeddedStore } from '../../../../src/infra/engines/sqlite/store.ts';
import { pageOf } from '../../../../src/infra/engines/sqlite/table/statements.ts';
import { verdictsAbout } from '../../../../src/stages/store/repositories/agreement-with-people.ts';
import { QUESTIONS } from '../../../../src/stages/store/repositories/reports/question-tables.ts';
import { tempDir } from '../../../support/temp-dir.ts';

describe('the next page of a lane', () => {
  it('is read from behind the last row, and not from the first of the lane', async () => {
    const db = new Database(join(await tempDir(), 'test.db'));
    new EmbeddedStore(db);
    const lane = { where: { id: { startsWith: 'main/' } }, order: ['id'], limit: 64 };
    const { sql, values } = pageOf(QUESTIONS, { ...lane, after: ['main/4'] });
    const operations = db.prepare(`EXPLAIN ${sql}`).all(...values);
    // Where an index is entered: `SeekGE` would be at the beginning of the lane (https://sqlite.org/opcode.html).
    const seeks = operations.map(({ opcode }) => String(opcode)).filter((each) => each.startsWith('Seek'));
    expect(seeks.filter((each) => each !== 'SeekRowid' && each !== 'DeferredSeek')).toEqual(['SeekGT']);
    db.close();
  });
});

it('what shadows said about some questions is found by these, and not among all that a shadow ever said', async () => {
  const db = new Database(join(await tempDir(), 'test.db'));
  const { sql, values } = pageOf(...verdictsAbout(['q1', 'q2']));
  const steps = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
  expect(steps[0]?.['detail']).toMatch(/^SEARCH .* INDEX shadow_verdicts_by_question /);
  db.close();
});
