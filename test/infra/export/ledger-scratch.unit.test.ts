import { DatabaseSync, StatementSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readLedger } from '../../../src/features/dataset/read-ledger.ts';
import { LedgerScratch } from '../../../src/infra/export/ledger-scratch.ts';
import type { Example } from '../../../src/stages/example.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import { exampleOf } from '../../stages/formats/fixtures.ts';
import { failureOf } from '../../support/failure-of.ts';
import { FakeLog } from '../../support/fakes/fake-log.ts';
import { logRecord } from '../../support/stage/records.ts';

type Put = readonly [record: Example, offset: number, recent?: boolean];

/** What counts of the records, put in this order, each with the offset of its first writing. */
function countedAt(...puts: readonly Put[]) {
  const scratch = new LedgerScratch();
  onTestFinished(() => scratch.close());
  for (const [record, offset, recent = true] of puts)
    scratch.put(record, JSON.stringify(record), { offset: BigInt(offset), recent });
  const rows = [...scratch.rows()];
  const revisions = rows.map(({ text }) => JSON.parse(text).revision);
  return { revisions, recent: rows.map(({ recent }) => recent), retracted: scratch.retracted };
}

/** The same of records in their order. */
function counted(...records: readonly Example[]) {
  const { revisions, retracted } = countedAt(...records.map((record, index): Put => [record, index]));
  return { revisions, retracted };
}

const first = exampleOf('sft');
const second = { ...first, revision: 1 };
const back: Example = { ...second, retracted: true };

describe('of a question', () => {
  it('the highest revision counts, whatever came last', () => {
    expect(counted(second, first)).toEqual({ revisions: [1], retracted: 0 });
  });

  it('a retraction counts of equal revisions, whichever came first', () => {
    expect(counted(first, second, back)).toEqual({ revisions: [], retracted: 1 });
    expect(counted(back, second)).toEqual({ revisions: [], retracted: 1 });
  });

  it('a record that comes twice is as old as its first writing, whichever was read first', () => {
    expect(countedAt([first, 3, false], [first, 9, true]).recent).toEqual([false]);
    expect(countedAt([first, 9, true], [first, 3, false]).recent).toEqual([false]);
    expect(countedAt([second, 9, true], [first, 3, false])).toMatchObject({ revisions: [1], recent: [true] });
  });
});

/** What SQLite throws where the disk is full. */
function diskFull(): unknown {
  const database = new DatabaseSync('');
  database.exec('PRAGMA max_page_count = 1');
  try {
    database.exec('CREATE TABLE t (c TEXT)');
  } catch (error) {
    return error;
  } finally {
    database.close();
  }
  return expect.fail('the database was not full');
}

it('a full temporary disk ends the reading with what to do, and no record is taken for unreadable', async () => {
  const error = diskFull();
  vi.spyOn(StatementSync.prototype, 'run').mockImplementation(() => {
    throw error;
  });
  onTestFinished(() => void vi.restoreAllMocks());
  vi.stubEnv('SQLITE_TMPDIR', import.meta.dirname);
  onTestFinished(() => void vi.unstubAllEnvs());
  const log = new FakeLog({ partitions: [[logRecord({ value: JSON.stringify(first) })]], auto: true });
  const range = { topic: 'in', lane: MAIN_LANE, until: new Map([[0, 1n]]) };
  const failure = await failureOf(() => readLedger(log, range));
  expect(failure).toMatchObject({ kind: 'fatal', code: 'disk_full' });
  for (const words of [import.meta.dirname, 'SQLITE_TMPDIR']) expect(failure.message).toContain(words);
});
