import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, vi } from 'vitest';
import { IndexDatabase } from '../../../src/infra/documents/index/index-database.ts';
import {
  holdsChunks,
  indexed,
  openToSearch,
  openToWrite,
  sourceNames,
  vectorsOfFile,
} from '../../../src/infra/documents/index/index-file.ts';
import { indexPath } from '../../../src/infra/documents/index/index-place.ts';
import { nearestOfAll } from '../../../src/infra/documents/index/nearest-chunks.ts';
import { readIndex, searchIndex } from '../../../src/infra/documents/index/search.ts';
import { SearchThread } from '../../../src/infra/documents/index/search-thread.ts';
import { SourceIndex } from '../../../src/infra/documents/index/source-index.ts';
import type { VectorSearch, VectorSpace } from '../../../src/infra/documents/vectors/vector-index.ts';
import { describeIndex, type OpenedIndex } from '../../conformance/documents/index-suite.ts';
import { describeVectors } from '../../conformance/documents/vector-suite.ts';
import { tempDir } from '../../support/temp-dir.ts';
import type { ByRight } from '../engines/sqlite/plans-by-right.ts';
import { costlySteps, ownerOf, Statements } from '../engines/sqlite/query-plans.ts';
import { BY_RIGHT } from './plans-by-right.ts';

/** They grow with what people add, one at a time; some by the names that statements give them. */
const SMALL = ['sources', 's', 'w', 'wanted', 'vector_spaces'];

const SPACE: VectorSpace = {
  ...{ model: 'e', dimensions: 3, asked: false, address: 'http://e/v1', keyVariable: 'KEY' },
};

const statements = new Statements({
  path: 'infra/documents/index',
  apart: ['index-database.ts', 'prepared.ts', 'schema.ts'],
  asks: /\bprepare(?:d\(\w+, |\()|#db\.(?:all|run)\(/,
});
for (const name of ['all', 'run'] as const) {
  const real = IndexDatabase.prototype[name];
  vi.spyOn(IndexDatabase.prototype, name).mockImplementation(function (this: IndexDatabase, ...given) {
    // Also what is prepared already.
    statements.hear(given[0]);
    return Reflect.apply(real as (...all: unknown[]) => never, this, given);
  });
}

describeIndex('SQLite', opened);
describeVectors('SQLite', opened);

it('an index on SQLite drops, when the next writer of a source ends, what a killed one left', async () => {
  const { index, other, expire, close } = await opened();
  const source = {
    name: 'manuals',
    root: '/',
    include: [],
    exclude: [],
    license: '',
    fields: {},
    addedAt: '',
  };
  const document = {
    ...{ path: 'a.md', title: 'A', bytes: 1, mtimeMs: 1, fileHash: '', textHash: '', extractor: '' },
    ...{ state: 'indexed' as const, code: '', message: '', at: '' },
  };
  const chunks = Array.from({ length: 200 }, (_, n) => ({
    ...{ hash: `h${n}`, heading: '', start: 0, end: 1 },
    get text(): string {
      if (n === 199) throw new RangeError('killed');
      return `Line ${n}`;
    },
  }));
  const left = async () => (await index.vectors.lacking(SPACE)).chunks;
  await index.begin(source);
  await expect(async () => index.put('manuals', [{ document, chunks }])).rejects.toThrow('killed');
  expect(await left()).toBe(50);
  await expire('manuals');
  const next = await other();
  await next.begin(source);
  await next.end('manuals');
  expect(await left()).toBe(0);
  await close();
});

/** After the suites, whose statements they look at. */
describe('the statements of an index of documents on SQLite', () => {
  type Found = Readonly<{ file: string; step: string; sql: string }>;
  const isOf = (right: ByRight, { file, step, sql }: Found) =>
    right.file === file && right.step.test(step) && (right.sql ?? /^/).test(sql);
  const costly = async () => {
    const data = await tempDir();
    const db = openToWrite(`${data}/empty.db`, data);
    const found = statements.all.flatMap((statement) =>
      costlySteps(db, statement.sql, SMALL).map((step) => ({
        ...{ sql: statement.sql, file: ownerOf(statement), step },
      })),
    );
    db.close();
    return found;
  };

  it('are all prepared by the suites, so that none goes unseen', () => {
    expect(statements.unreached()).toEqual([]);
  });

  it('read by indexes what they return, but for those that read more by right', async () => {
    expect((await costly()).filter((found) => !BY_RIGHT.some((right) => isOf(right, found)))).toEqual([]);
  });

  it('read more by right only where they still do', async () => {
    const found = await costly();
    expect(BY_RIGHT.filter((right) => !found.some((each) => isOf(right, each)))).toEqual([]);
  });

  it('are found out where a search looks for its words once for each chunk of a list', async () => {
    const data = await tempDir();
    const db = openToWrite(`${data}/empty.db`, data);
    const listed =
      'SELECT rowid FROM chunk_index WHERE chunk_index MATCH ? AND rowid IN (SELECT chunk FROM places)';
    expect(costlySteps(db, listed, SMALL)).toContain('SCAN chunk_index VIRTUAL TABLE INDEX 0:=M2');
    db.close();
  });
});

async function opened(): Promise<OpenedIndex> {
  const data = await tempDir();
  const path = indexPath({ data, namespace: 'test' });
  const indexes = [new SourceIndex(path, data)] as [SourceIndex, ...SourceIndex[]];
  const finder = new SearchThread(path);
  return {
    index: indexes[0],
    finder: heard(finder, path),
    other: async () => {
      const other = new SourceIndex(path, data);
      indexes.push(other);
      return other;
    },
    expire: async (name) => {
      const db = new DatabaseSync(path);
      db.prepare('UPDATE sources SET writer_until_ms = 0 WHERE name = ?').run(name);
      db.close();
    },
    close: async () => {
      await finder.close();
      for (const look of [holdsChunks, sourceNames, indexed, vectorsOfFile]) look(path);
      for (const each of indexes) each.close();
    },
  };
}

/** What a thread looks up is looked up here as well, where its statements are heard. */
function heard(finder: VectorSearch, path: string): VectorSearch {
  const here = (look: (db: DatabaseSync) => unknown) => {
    const db = openToSearch(path);
    if (db !== undefined) look(db);
    db?.close();
  };
  return {
    find: (wanted) => {
      here((db) => {
        searchIndex(db, wanted);
        if (wanted.vector !== undefined) nearestOfAll(db, wanted.vector, undefined, 1);
      });
      return finder.find(wanted);
    },
    read: async (stretch) => {
      here((db) => readIndex(db, stretch));
      return finder.read?.(stretch);
    },
    spaces: () => finder.spaces(),
  };
}
