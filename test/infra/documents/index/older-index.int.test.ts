import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { addSource, refreshSource } from '../../../../src/features/sources/add-source.ts';
import { settingsSchema } from '../../../../src/infra/config/settings.ts';
import { vectorsOfFile } from '../../../../src/infra/documents/index/index-file.ts';
import { indexPath } from '../../../../src/infra/documents/index/index-path.ts';
import { SourceIndex } from '../../../../src/infra/documents/index/source-index.ts';
import { openFinder } from '../../../../src/infra/documents/vectors/open-finder.ts';
import { tempDir } from '../../../support/temp-dir.ts';

/** What an index was before there were vectors. */
const BEFORE_VECTORS = 'DROP TABLE vectors; DROP TABLE vector_spaces; PRAGMA user_version = 3;';

it('an index from before there were vectors is searched as it stands, and whoever writes it next goes on with it', async () => {
  const data = await tempDir();
  const root = join(data, 'manuals');
  await mkdir(root);
  await writeFile(join(root, 'oil.md'), 'The oil pressure at idle is 1.8 bar.\n');
  const embeddings = { model: 'e', baseUrl: 'http://127.0.0.1:9/v1', price: 0 };
  const settings = settingsSchema.parse({ data, embeddings });
  const path = indexPath(settings);
  const made = new SourceIndex(path, data);
  await addSource(made, root);
  made.close();
  const older = new DatabaseSync(path);
  older.exec(BEFORE_VECTORS);
  older.close();

  expect(vectorsOfFile(path)).toEqual({ answering: undefined, chunks: 1, lacking: 1 });
  const finder = await openFinder(settings);
  const found = await finder.find({ text: 'oil pressure', limit: 5, sources: undefined });
  await finder.close();
  expect(found).toMatchObject([{ source: 'documents:manuals/oil.md' }]);

  const index = new SourceIndex(path, data);
  expect(await refreshSource(index, 'manuals')).toMatchObject({ unchanged: 1, newChunks: 0 });
  index.remove('manuals');
  expect(vectorsOfFile(path)).toEqual({ answering: undefined, chunks: 0, lacking: 0 });
  index.close();
});
