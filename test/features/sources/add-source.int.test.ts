import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { addSource, refreshSource } from '../../../src/features/sources/add-source.ts';
import { sources as sourcesCheck } from '../../../src/features/upkeep/doctor/sources.ts';
import { createSources } from '../../../src/index.ts';
import { settingsSchema } from '../../../src/infra/config/settings.ts';
import type { KnownDocument } from '../../../src/infra/documents/index/document-index.ts';
import { indexed, openToSearch } from '../../../src/infra/documents/index/index-file.ts';
import { indexPath } from '../../../src/infra/documents/index/index-place.ts';
import { searchIndex } from '../../../src/infra/documents/index/search.ts';
import { SearchThread } from '../../../src/infra/documents/index/search-thread.ts';
import { SourceIndex } from '../../../src/infra/documents/index/source-index.ts';
import { failureOf } from '../../support/failure-of.ts';
import { tempDir } from '../../support/temp-dir.ts';

const OIL =
  '# Engine\n\n## Oil\n\nThe oil pressure at idle is 1.8 bar.\n\n## Water\n\nThe impeller lasts 500 hours.\n';

/** A folder of documents beside an empty index. */
async function rig(files: Readonly<Record<string, string | Uint8Array>>) {
  const data = await tempDir();
  const root = join(await tempDir(), 'manuals');
  await mkdir(root);
  const write = async (path: string, content: string | Uint8Array) => {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), content);
  };
  for (const [path, content] of Object.entries(files)) await write(path, content);
  const path = indexPath({ data, namespace: 'test' });
  const index = new SourceIndex(path, data);
  onTestFinished(() => index.close());
  const search = (text: string, sources?: readonly string[]) => {
    const db = openToSearch(path);
    if (db === undefined) throw new RangeError('there is no index');
    const found = searchIndex(db, { text, limit: 5, sources });
    db.close();
    return found;
  };
  return { root, path, index, write, search };
}

describe('a source that is added', () => {
  it('is found by its words, the rare ones first, with the place of each piece', async () => {
    const { root, index, search } = await rig({
      'oil.md': OIL,
      'winter.txt': 'Drain the water before the frost.',
    });
    expect(await addSource(index, root)).toMatchObject({
      source: 'manuals',
      added: 2,
      newChunks: 3,
      refused: [],
    });
    expect(search('What is the oil pressure?')[0]).toMatchObject({
      source: 'documents:manuals/oil.md',
      title: 'Engine',
      locator: { line: 1, toLine: 5, heading: 'Engine > Oil' },
      text: expect.stringContaining('1.8 bar'),
    });
    expect(search('frost')).toHaveLength(1);
    expect(search('propeller')).toEqual([]);
  });

  it('is searched in a thread of its own as well', async () => {
    const { root, index, path } = await rig({ 'oil.md': OIL });
    await addSource(index, root);
    const thread = new SearchThread(path);
    onTestFinished(() => thread.close());
    const found = await Promise.all(
      ['oil pressure', 'impeller', 'nothing'].map((text) => thread.find({ text, limit: 3 })),
    );
    expect(found.map((pieces) => pieces.length)).toEqual([1, 1, 0]);
  });

  it('is searched again after the thread broke', async () => {
    const { root, index, path } = await rig({ 'oil.md': OIL });
    await addSource(index, root);
    const thread = new SearchThread(path);
    onTestFinished(() => thread.close());
    const broken = await failureOf(() => thread.find({ text: null as unknown as string, limit: 3 }));
    expect(broken).toMatchObject({ kind: 'fatal', code: 'search_failed' });
    expect(await thread.find({ text: 'oil pressure', limit: 3 })).toHaveLength(1);
  });

  it('is found whatever a question looks like to a query language, with and without accents', async () => {
    const { root, index, search } = await rig({ 'a.txt': 'Le café est servi à midi.' });
    await addSource(index, root);
    for (const text of ['"cafe" AND', 'CAFÉ*', 'NEAR(cafe', '-midi:']) expect(search(text)).toHaveLength(1);
  });

  it('is found in Chinese', async () => {
    const { root, index, search } = await rig({
      'a.txt': '发动机的机油压力低于1.2巴时必须停机。',
      'b.txt': '冬季存放前排空海水。',
    });
    await addSource(index, root);
    expect(search('机油压力是多少？')[0]?.path).toBe('a.txt');
  });

  it('is searched only where it is among those that are named', async () => {
    const { root, index, search } = await rig({ 'oil.md': OIL });
    await addSource(index, root);
    expect(search('impeller', ['other'])).toEqual([]);
    expect(search('impeller', ['manuals'])).toHaveLength(1);
  });

  it('is read again only where something has changed', async () => {
    const { root, index, write, search } = await rig({
      'oil.md': OIL,
      'b.md': '# B\n\nOld text of B.',
      'c.md': '# C\n\nGone soon.',
    });
    await addSource(index, root);
    await write('b.md', '# B\n\nNew text of B.');
    await rm(join(root, 'c.md'));
    expect(await refreshSource(index, 'manuals')).toMatchObject({
      added: 0,
      changed: 1,
      unchanged: 1,
      removed: 1,
      newChunks: 1,
    });
    expect(search('old')).toEqual([]);
    expect(search('gone soon')).toEqual([]);
    expect(index.sources()).toMatchObject([{ documents: 2, chunks: 3 }]);
  });

  it('makes no chunk again of a file that was moved or copied', async () => {
    const { root, index, write } = await rig({ 'oil.md': OIL });
    await addSource(index, root);
    await write('copy.md', OIL);
    await rename(join(root, 'oil.md'), join(root, 'moved.md'));
    expect(await addSource(index, root)).toMatchObject({ added: 2, removed: 1, newChunks: 0 });
  });

  it('passes over hidden files, links that lead out, and kinds that nothing reads', async () => {
    const { root, index } = await rig({
      'oil.md': OIL,
      '.hidden.md': OIL,
      'photo.jpg': 'x',
      'node_modules/a.md': OIL,
    });
    await symlink('/etc/hostname', join(root, 'leak.md'));
    await symlink(root, join(root, 'loop'));
    expect(await addSource(index, root)).toMatchObject({ added: 1, passedOver: 1 });
  });

  it('takes what its globs say', async () => {
    const { root, index } = await rig({ 'a.md': 'A text.', 'old/b.md': 'B text.', 'c.txt': 'C text.' });
    const only = { include: ['*.md'], exclude: ['old/**'] };
    expect(await addSource(index, root, only)).toMatchObject({ added: 1 });
    expect(await refreshSource(index, 'manuals')).toMatchObject({ unchanged: 1, added: 0 });
  });

  it('may be a single file, in whatever encoding it was written', async () => {
    const { root, index, search } = await rig({
      'latin.txt': Uint8Array.of(0x63, 0x61, 0x66, 0xe9, 0x20, 0x6f, 0x69, 0x6c),
    });
    expect(await addSource(index, join(root, 'latin.txt'), { license: 'cc0-1.0' })).toMatchObject({
      source: 'latin.txt',
      added: 1,
    });
    expect(search('oil')[0]).toMatchObject({ text: 'café oil', license: 'cc0-1.0' });
  });

  it('takes each row of a table for itself, by the column that holds its text', async () => {
    const table =
      'id,name,note\n1,oil,"Check the oil pressure before each trip."\n2,sail,"Reef the sail at five winds."\n';
    const { root, index, search } = await rig({
      'notes.csv': table,
      'more.jsonl': '{"text":"Grease the winch every spring."}\n',
    });
    expect(await addSource(index, root)).toMatchObject({ added: 2, newChunks: 3, refused: [] });
    expect(search('reef')).toMatchObject([{ text: 'Reef the sail at five winds.', locator: { row: 3 } }]);
    expect(search('winch')).toHaveLength(1);
  });

  it('asks which column holds the text where several could, and takes the one that is named', async () => {
    const table =
      'title,body,notes\nThe engine of the boat,It runs on diesel and nothing else.,Written by nobody at all.\n';
    const { root, index, search } = await rig({ 'a.csv': table });
    expect((await addSource(index, root)).refused).toEqual([
      'a.csv: which column holds the text? --text-field one of title, body, notes.',
    ]);
    const fields = { textField: 'body', titleField: 'title' };
    expect(await addSource(index, root, fields)).toMatchObject({ changed: 1, refused: [] });
    expect(search('diesel')[0]?.locator).toEqual({ row: 2, heading: 'The engine of the boat' });
  });

  it('goes on beside a file without text, which it names', async () => {
    const { root, index } = await rig({ 'oil.md': OIL, 'empty.md': '  \n' });
    expect(await addSource(index, root)).toMatchObject({ added: 2, refused: ['empty.md: holds no text.'] });
    expect(index.sources()).toMatchObject([{ documents: 1, refused: 1 }]);
  });

  it('leaves nothing when it is removed', async () => {
    const { root, index, search } = await rig({ 'oil.md': OIL });
    await addSource(index, root);
    index.remove('manuals');
    expect(index.sources()).toEqual([]);
    expect(search('oil pressure')).toEqual([]);
  });
});

describe('a large document', () => {
  const chunkOf = (n: number) => ({
    hash: `hash-${n}`,
    heading: '',
    text: `The anchor chain number ${n}.`,
    start: n,
    end: n + 1,
  });
  const chunks = Array.from({ length: 320 }, (_, n) => chunkOf(n));
  const documentOf = (path: string): KnownDocument => ({
    ...{ path, title: path, bytes: 1, mtimeMs: 1, fileHash: 'f', textHash: 't', extractor: 'text' },
    ...{ state: 'indexed', code: '', message: '', at: '2026-01-01T00:00:00.000Z' },
  });
  /** A writer that dies behind the first batch of chunks. */
  const dieOver = async (index: SourceIndex, name: string) => {
    const cut = chunks.with(180, { ...chunkOf(180), text: null as unknown as string });
    await expect(index.put(name, [{ document: documentOf('large.txt'), chunks: cut }])).rejects.toThrow();
  };
  const chunksIn = (path: string) => indexed(path).chunks;
  const indexedRig = async (files: Readonly<Record<string, string>> = { 'oil.md': OIL }) => {
    const { root, path, index, search } = await rig(files);
    await addSource(index, root);
    const source = index.source('manuals');
    if (source === undefined) throw new RangeError('there is no source');
    return { root, path, index, search, source };
  };

  it('of which a killed process left a part is no hindrance to a search', async () => {
    const { index, search, source } = await indexedRig({
      'oil.md': '# Anchor\n\nThe anchor weighs ten kilos.',
    });
    index.begin(source);
    await dieOver(index, 'manuals');
    expect(search('anchor chain number')).toMatchObject([{ path: 'oil.md' }]);
  });

  it('leaves nothing of a part when it is gone before the source is read again, or removed', async () => {
    const { root, path, index, source } = await indexedRig();
    for (const [mend, left] of [
      [() => addSource(index, root), 2],
      [async () => index.remove('manuals'), 0],
    ] as const) {
      index.begin(source);
      await dieOver(index, 'manuals');
      expect(chunksIn(path)).toBe(172);
      await mend();
      expect(chunksIn(path)).toBe(left);
    }
  });

  it('keeps its part while another source is written to its end', async () => {
    const { root, path, index, source } = await indexedRig();
    const other = new SourceIndex(path, join(path, '..'));
    onTestFinished(() => other.close());
    other.begin({ ...source, name: 'other' });
    await dieOver(other, 'other');
    await addSource(index, root);
    expect(chunksIn(path)).toBe(172);
    expect(await other.put('other', [{ document: documentOf('large.txt'), chunks }])).toBe(150);
  });

  it('keeps a chunk that another source drops while it is written', async () => {
    const { path, index, source } = await indexedRig();
    const other = new SourceIndex(path, join(path, '..'));
    onTestFinished(() => other.close());
    other.begin({ ...source, name: 'other' });
    await other.put('other', [{ document: documentOf('copy.txt'), chunks: chunks.slice(0, 1) }]);
    index.begin(source);
    const { exec } = DatabaseSync.prototype;
    let isFirst = true;
    const spy = vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function (
      this: DatabaseSync,
      sql,
    ) {
      exec.call(this, sql);
      if (sql !== 'COMMIT' || !isFirst) return;
      isFirst = false;
      other.drop('other', 'copy.txt');
    });
    onTestFinished(() => spy.mockRestore());
    expect(await index.put('manuals', [{ document: documentOf('large.txt'), chunks }])).toBe(320);
    expect(chunksIn(path)).toBe(322);
  });

  it('leaves what else the thread does its turn between the transactions that write it', async () => {
    const { index, source } = await indexedRig();
    index.begin(source);
    let turns = 0;
    let isOver = false;
    const count = () => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    await index.put('manuals', [{ document: documentOf('large.txt'), chunks }]);
    isOver = true;
    expect(turns).toBeGreaterThanOrEqual(2);
  });

  it('is a part of the index with whatever comes beside it, and parts stay few: each search looks into all of them', async () => {
    const { path, index, source, search } = await indexedRig();
    index.begin(source);
    for (const [n, chunk] of chunks.slice(0, 100).entries())
      await index.put('manuals', [{ document: documentOf(`${n}.txt`), chunks: [chunk] }]);
    using db = new DatabaseSync(path, { readOnly: true });
    const { parts } = db.prepare('SELECT count(DISTINCT segid) AS parts FROM chunk_index_idx').get() ?? {};
    expect(parts).toBeLessThan(32);
    expect(search('anchor chain number')).toHaveLength(5);
  });
});

describe('the doctor', () => {
  const lookAt = (path: string, namespace = 'test') => {
    const settings = settingsSchema.parse({ data: join(path, '..'), namespace });
    return sourcesCheck.look({ settings, namespace, simulated: false });
  };

  it('tells how much is indexed, and what could not be read', async () => {
    const { root, index, path, write } = await rig({ 'oil.md': OIL });
    await addSource(index, root);
    expect(await lookAt(path)).toEqual([{ status: 'ok', text: '1 source, 1 document, 2 chunks' }]);
    await write('empty.md', '');
    await refreshSource(index, 'manuals');
    expect(await lookAt(path)).toMatchObject([
      { status: 'warning', text: expect.stringContaining('1 could not be read') },
    ]);
  });

  it('says nothing where nothing is indexed', async () => {
    const { path } = await rig({});
    expect(await lookAt(path)).toEqual([]);
    expect(await lookAt(path, 'another')).toEqual([]);
  });
});

describe('sources of the library', () => {
  it('are added, listed, searched, and removed', async () => {
    const { root } = await rig({ 'oil.md': OIL });
    const sources = await createSources({ data: await tempDir() });
    onTestFinished(() => sources.close());
    expect(await sources.add(root, { license: 'cc0-1.0' })).toMatchObject({ added: 1, newChunks: 2 });
    expect(await sources.list()).toMatchObject([{ name: 'manuals', documents: 1, license: 'cc0-1.0' }]);
    expect(await sources.search('oil pressure', { limit: 1 })).toMatchObject([{ path: 'oil.md' }]);
    await sources.remove('manuals');
    expect(await sources.search('oil pressure')).toEqual([]);
    await expect(sources.remove('manuals')).rejects.toThrow(/There is no source named manuals/);
  });
});

describe('a source that cannot be added', () => {
  it.each([
    ['missing', 'missing does not exist: expected a folder or a file.'],
    ['https://example.org/book.pdf', /is an address: expected a folder or a file\. Download it first; /],
    ['photo.jpg', /nothing reads such files\. Known are \.md/],
  ])('is refused with words: %s', async (path, text) => {
    const { root, index } = await rig({ 'photo.jpg': 'x' });
    const failure = await failureOf(() => addSource(index, path === 'photo.jpg' ? join(root, path) : path));
    expect(failure).toMatchObject({ kind: 'fatal', code: 'bad_source' });
    expect(failure.message).toMatch(text);
  });

  it('does not take the name of another', async () => {
    const { root, index } = await rig({ 'a/oil.md': OIL, 'b/oil.md': OIL });
    await addSource(index, join(root, 'a'), { name: 'manuals' });
    expect((await failureOf(() => addSource(index, join(root, 'b'), { name: 'manuals' }))).message).toMatch(
      /--name/,
    );
  });

  it('waits for whoever is writing it', async () => {
    const { root, index, path } = await rig({ 'oil.md': OIL });
    await addSource(index, root);
    const source = index.source('manuals');
    const other = new SourceIndex(path, join(path, '..'));
    onTestFinished(() => other.close());
    if (source !== undefined) other.begin(source);
    expect((await failureOf(() => addSource(index, root))).message).toMatch(
      /Another process is indexing manuals: .* If it was killed, manuals is free in \d+ s\./,
    );
  });
});
