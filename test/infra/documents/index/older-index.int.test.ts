import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { addSource, refreshSource } from '../../../../src/features/sources/add-source.ts';
import { settingsSchema } from '../../../../src/infra/config/settings.ts';
import { vectorsOfFile } from '../../../../src/infra/documents/index/index-file.ts';
import { indexPath } from '../../../../src/infra/documents/index/index-place.ts';
import { SearchThread } from '../../../../src/infra/documents/index/search-thread.ts';
import { SourceIndex } from '../../../../src/infra/documents/index/source-index.ts';
import { openFinder } from '../../../../src/infra/documents/vectors/open-finder.ts';
import { tempDir } from '../../../support/temp-dir.ts';

/** What an index was before there were vectors. */
const BEFORE_VECTORS =
  'DROP TABLE vector_codes; DROP TABLE vectors; DROP TABLE vector_spaces; PRAGMA user_version = 3;';
/** What it was before vectors had codes. */
const BEFORE_CODES = 'DROP TABLE vector_codes; PRAGMA user_version = 4;';

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

it('an index from before its vectors had codes is searched by them as it stands, and none is made again', async () => {
  const data = await tempDir();
  const root = join(data, 'manuals');
  await mkdir(root);
  await writeFile(join(root, 'oil.md'), 'The oil pressure at idle is 1.8 bar.\n');
  await writeFile(join(root, 'sail.md'), 'Sails are set before the wind.\n');
  const path = indexPath(settingsSchema.parse({ data }));
  const made = new SourceIndex(path, data);
  await addSource(made, root);
  const space = {
    ...{ model: 'e', dimensions: 2, asked: false, address: 'http://e/v1', keyVariable: 'KEY' },
  };
  const towards = (text: string) => (text.includes('Sails') ? Int8Array.of(1, 100) : Int8Array.of(100, 1));
  const chunks = made.vectors.without(space, 10, '');
  made.vectors.putVectors(space, new Map(chunks.map(({ hash, text }) => [hash, towards(text)])));
  made.vectors.answerBy(space);
  made.close();
  const older = new DatabaseSync(path);
  older.exec(BEFORE_CODES);
  older.close();

  const found = async () => {
    const thread = new SearchThread(path);
    const vector = { space, values: Int8Array.of(2, 100) };
    const pieces = await thread.find({ text: 'canvas', limit: 5, vector });
    await thread.close();
    return pieces.map((each) => each.path);
  };
  expect(await found()).toEqual(['sail.md', 'oil.md']);
  const index = new SourceIndex(path, data);
  expect(index.vectors.lacking(space)).toEqual({ chunks: 0, characters: 0 });
  expect(await found()).toEqual(['sail.md', 'oil.md']);
  await refreshSource(index, 'manuals');
  index.remove('manuals');
  index.close();
  const emptied = new DatabaseSync(path);
  expect(emptied.prepare('SELECT * FROM vector_codes').all()).toEqual([]);
  emptied.close();
});
