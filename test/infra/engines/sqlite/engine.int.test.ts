import { describe, expect, it } from 'vitest';
import { Database } from '../../../../src/infra/engines/sqlite/database.ts';
import { describeEngine } from '../../../../src/testing/engine-suite.ts';
import { listenToTables } from './asked-tables.ts';
import { openedEngine } from './opened.ts';
import { BY_RIGHT, type ByRight } from './plans-by-right.ts';
import { costlySteps, ownerOf, Statements } from './query-plans.ts';

/** They grow with the settings, the processes at work and the passes that people order, and not with the questions. */
const SMALL = ['topics', 'offsets', 'lanes', 'replays', 'pauses', 'workers', 'dataset_versions', 'tallies'];
/** The engine has its own: it keeps no notes of journals, and counts the ends of a minute as they come. */
const ASKED_ELSEWHERE = /^journals\.ts:|\bcount\(QUESTIONS, .* endedAt/;

const statements = new Statements({
  path: 'infra/engines/sqlite',
  apart: ['database.ts', 'check-database.ts'],
  asks: /\.prepare\(/,
});
const asking = listenToTables(statements);

describeEngine({ name: 'the embedded engine', open: ({ usual }) => usual() });

/** After the suites, whose statements they look at. */
describe('the statements of the embedded engine', () => {
  const withDatabase = async <T>(use: (db: Database) => T): Promise<T> => {
    const { data, close } = await openedEngine();
    await close();
    const db = new Database(`${data}/conformance.db`);
    try {
      return use(db);
    } finally {
      db.close();
    }
  };
  const costly = (db: Database) =>
    statements.all.flatMap((statement) => {
      const { sql } = statement;
      return costlySteps(db, sql, SMALL).map((step) => ({ ...statement, file: ownerOf(statement), step }));
    });
  type Found = Readonly<{ file: string; step: string; sql: string }>;
  const isOf = (right: ByRight, { file, step, sql }: Found) =>
    right.file === file && right.step.test(step) && (right.sql ?? /^/).test(sql);
  const isRight = (found: Found) => BY_RIGHT.some((right) => isOf(right, found));

  it('are all prepared by the suites, so that none goes unseen', () => {
    expect(statements.unreached()).toEqual([]);
  });

  it('that repositories ask for are asked for by the suites, each line of them', () => {
    expect(asking.unreached().filter((line) => !ASKED_ELSEWHERE.test(line))).toEqual([]);
  });

  it('read by indexes what they return, but for those that read more by right', async () => {
    expect((await withDatabase(costly)).filter((found) => !isRight(found))).toEqual([]);
  });

  it('are found out where an index is missing, or a table is read as a whole', async () => {
    const without = (index: string) =>
      withDatabase((db) => {
        db.prepare(`DROP INDEX ${index}`).run();
        return costly(db).filter((found) => !isRight(found));
      });
    expect(await without('submissions_of_run')).not.toEqual([]);
    expect(await without('questions_by_question')).not.toEqual([]);
    const scan = await withDatabase((db) =>
      costlySteps(db, "SELECT * FROM questions WHERE status = 'held'", SMALL),
    );
    expect(scan).toEqual(['SCAN questions']);
  });

  it('read more by right only where they still do', async () => {
    const found = await withDatabase(costly);
    const idle = BY_RIGHT.filter((right) => !found.some((each) => isOf(right, each)));
    expect(idle).toEqual([]);
  });
});
