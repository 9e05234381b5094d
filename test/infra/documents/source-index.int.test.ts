import { DatabaseSync } from 'node:sqlite';
import { indexPath } from '../../../src/infra/documents/index/index-place.ts';
import { SearchThread } from '../../../src/infra/documents/index/search-thread.ts';
import { SourceIndex } from '../../../src/infra/documents/index/source-index.ts';
import { describeIndex, type OpenedIndex } from '../../conformance/documents/index-suite.ts';
import { describeVectors } from '../../conformance/documents/vector-suite.ts';
import { tempDir } from '../../support/temp-dir.ts';

describeIndex('SQLite', opened);
describeVectors('SQLite', opened);

async function opened(): Promise<OpenedIndex> {
  const data = await tempDir();
  const path = indexPath({ data, namespace: 'test' });
  const indexes = [new SourceIndex(path, data)] as [SourceIndex, ...SourceIndex[]];
  const finder = new SearchThread(path);
  return {
    index: indexes[0],
    finder,
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
      for (const each of indexes) each.close();
    },
  };
}
