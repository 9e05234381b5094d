import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addSource, refreshSource } from '../../../src/features/sources/add-source.ts';
import { removeSource, takeOut } from '../../../src/features/sources/forgotten-documents.ts';
import type {
  DocumentIndex,
  KnownDocument,
  WritableIndex,
} from '../../../src/infra/documents/index/document-index.ts';
import type { Chunk } from '../../../src/infra/documents/text/chunks.ts';
import type { VectorSearch } from '../../../src/infra/documents/vectors/vector-index.ts';
import { contentHashOf } from '../../../src/stages/evidence/piece.ts';
import { failureOf } from '../../support/failure-of.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { BOAT } from './boat.ts';

export type OpenedIndex = Readonly<{
  index: WritableIndex;
  finder: VectorSearch;
  /** Another process. */
  other(): Promise<DocumentIndex>;
  /** The lease of whoever writes a source has run out. */
  expire(name: string): Promise<void>;
  close(): Promise<void>;
}>;

/** What an index of documents has to do, whatever keeps it. */
export function describeIndex(engine: string, open: () => Promise<OpenedIndex>): void {
  describe(`the index of documents on ${engine}`, () => {
    let opened: OpenedIndex;
    let root: string;
    beforeEach(async () => {
      opened = await open();
      root = join(await tempDir(), 'manuals');
      await mkdir(root);
    });
    afterEach(() => opened.close());

    const write = async (files: Readonly<Record<string, string>>) => {
      for (const [path, text] of Object.entries(files)) await writeFile(join(root, path), text);
    };
    const added = async (files: Readonly<Record<string, string>>) => {
      await write(files);
      return addSource(opened.index, root);
    };
    const search = (text: string, sources?: readonly string[]) =>
      opened.finder.find({ text, limit: 5, sources });
    const paths = async (text: string, sources?: readonly string[]) =>
      (await search(text, sources)).map(({ path }) => path);

    it('finds nothing where there is nothing', async () => {
      expect(await search('oil')).toEqual([]);
      expect(await opened.index.sources()).toEqual([]);
      expect(await opened.index.source('manuals')).toBeUndefined();
    });

    it('finds a document that comes after a search for it in vain', async () => {
      await added({ 'oil.md': 'Change the oil.' });
      expect(await paths('xylophone')).toEqual([]);
      await added({ 'music.md': 'Tune the xylophone.' });
      expect(await paths('xylophone')).toEqual(['music.md']);
    });

    it.each([
      ['What is the oil pressure at idle?', ['oil.md', 'idle.md', 'oil-change.md']],
      ['How often is the impeller changed?', ['water.md', 'oil-change.md']],
      ['winter storage of the batteries', ['batteries.md', 'winter.md']],
      ['reef the sail', ['sails.md']],
    ])('finds the same first pieces as any other engine: %s', async (text, first) => {
      await added(BOAT);
      expect((await paths(text)).slice(0, first.length)).toEqual(first);
    });

    it('tells the place of a piece, its title and its licence', async () => {
      await write({ 'oil.md': '# Engine\n\n## Oil\n\nThe oil pressure at idle is 1.8 bar.\n' });
      await addSource(opened.index, root, { license: 'cc0-1.0' });
      expect(await search('oil pressure')).toMatchObject([
        {
          ...{ kind: 'document', source: 'documents:manuals/oil.md', title: 'Engine', license: 'cc0-1.0' },
          locator: { line: 1, toLine: 5, heading: 'Engine > Oil' },
        },
      ]);
    });

    it('takes no text for syntax, and does not look at accents', async () => {
      await added({ 'a.txt': 'Le café est servi à midi.', 'b.txt': 'The engine of the boat.' });
      for (const text of ['"cafe" AND', 'CAFÉ*', 'NEAR(cafe', '-midi:', 'cafe\u0301', '-cafe "'])
        expect(await paths(text)).toEqual(['a.txt']);
    });

    it('finds words of scripts that write none, also in headings', async () => {
      await added({
        'a.txt': '发动机的机油压力低于1.2巴时必须停机。',
        'b.md': '# 冬季存放\n\n存放前排空海水。',
      });
      expect((await paths('机油压力是多少？'))[0]).toBe('a.txt');
      expect((await paths('冬季'))[0]).toBe('b.md');
    });

    it('gives a stretch of a document chunk by chunk, each at its place, and says how long it is', async () => {
      const sections = ['One', 'Two', 'Three', 'Four'].map(
        (name) => `# ${name}\n\n${`${name} of oil. `.repeat(60)}`,
      );
      await added({ 'oil.md': sections.join('\n\n'), 'sails.md': 'Reef the sail.' });
      const read = (from: number, characters: number, path = 'oil.md') =>
        opened.finder.read?.({ source: 'manuals', path, from, characters });
      const all = await read(0, 20_000);
      expect(all?.pieces.map(({ locator }) => locator?.heading)).toEqual(['One', 'Two', 'Three', 'Four']);
      expect(all?.length).toBe(all?.pieces.at(-1)?.end);
      const [first, second] = all?.pieces ?? [];
      expect(first).toMatchObject({ source: 'documents:manuals/oil.md', path: 'oil.md', start: 0 });
      const part = await read(first?.end ?? 0, (second?.text.length ?? 0) + 1);
      expect(part).toEqual({ pieces: [second], length: all?.length });
      expect((await read(0, 1))?.pieces).toEqual([first]);
      expect(await read(0, 1, 'nothing.md')).toBeUndefined();
    });

    it('searches only what is named', async () => {
      await added({ 'oil.md': 'The oil pressure.' });
      expect(await paths('oil', ['other'])).toEqual([]);
      expect(await paths('oil', ['manuals'])).toEqual(['oil.md']);
    });

    it('finds no text any more that was changed, deleted or removed', async () => {
      await added({ 'a.md': 'Old text of A.', 'b.md': 'Gone soon.', 'c.md': 'This one stays.' });
      await write({ 'a.md': 'New text of A.' });
      await rm(join(root, 'b.md'));
      const again = await refreshSource(opened.index, 'manuals');
      expect(again).toMatchObject({ changed: 1, unchanged: 1, removed: 1, newChunks: 1 });
      for (const text of ['old', 'gone soon']) expect(await paths(text)).toEqual([]);
      expect(await paths('new')).toEqual(['a.md']);
      await opened.index.remove('manuals');
      expect(await opened.index.sources()).toEqual([]);
      expect(await paths('stays')).toEqual([]);
    });

    it('makes no chunk again of a file that was moved or copied, and keeps what one of two still has', async () => {
      await added({ 'a.md': 'A text on oil.' });
      await write({ 'copy.md': 'A text on oil.' });
      await rename(join(root, 'a.md'), join(root, 'moved.md'));
      expect(await addSource(opened.index, root)).toMatchObject({ added: 2, removed: 1, newChunks: 0 });
      await rm(join(root, 'copy.md'));
      expect(await addSource(opened.index, root)).toMatchObject({ unchanged: 1, removed: 1 });
      expect(await paths('oil')).toEqual(['moved.md']);
      expect(await opened.index.sources()).toMatchObject([{ documents: 1, refused: 0, chunks: 1 }]);
    });

    it('knows which chunks stand in a document still', async () => {
      await added({ 'a.md': 'A text on oil.', 'b.md': 'A text on water.' });
      const hashes = (await search('oil water text')).map(({ contentHash }) => contentHash);
      expect(await opened.index.knownChunks([...hashes, 'nowhere'])).toEqual(new Set(hashes));
      await opened.index.drop('manuals', 'a.md');
      expect(await opened.index.knownChunks(hashes)).toHaveProperty('size', 1);
    });

    it('keeps out what was forgotten, a file, a folder or all of a source, whatever is read again', async () => {
      await mkdir(join(root, 'old'));
      await added({ 'a.md': 'Oil.', 'a.md.txt': 'Oil too.', 'old/b.md': 'Old oil.', 'c.md': 'Water.' });
      const onTaken = async () => undefined;
      await takeOut(opened.index, 'manuals', 'a.md', onTaken);
      await takeOut(opened.index, 'manuals', 'old', onTaken);
      await write({ 'old/new.md': 'New oil.' });
      expect(await refreshSource(opened.index, 'manuals')).toMatchObject({ forgotten: 3, removed: 0 });
      expect(await paths('oil')).toEqual(['a.md.txt']);
      expect(await opened.index.sources()).toMatchObject([{ documents: 2, refused: 0 }]);
      await removeSource(opened.index, 'manuals');
      expect(await addSource(opened.index, root)).toMatchObject({ added: 2, forgotten: 3 });
      await takeOut(opened.index, 'manuals', undefined, onTaken);
      expect(await paths('water oil')).toEqual([]);
      await opened.index.shred();
      for (const again of [() => addSource(opened.index, root), () => refreshSource(opened.index, 'manuals')])
        expect((await failureOf(again)).message).toMatch(/manuals was forgotten, and its text stays out/);
      expect(await addSource(opened.index, root, { name: 'again' })).toMatchObject({ added: 5 });
    });

    it('counts what could not be read', async () => {
      await added({ 'a.md': 'A text.', 'empty.md': ' ' });
      expect(await opened.index.sources()).toMatchObject([{ documents: 1, refused: 1, chunks: 1 }]);
    });

    it('has one writer of a source at a time, and whoever was taken over stops', async () => {
      await added({ 'a.md': 'A text.' });
      const [source, other] = [await opened.index.source('manuals'), await opened.other()];
      if (source === undefined) throw new RangeError('the source is gone');
      await opened.index.begin(source);
      await expect(failureOf(async () => other.begin(source))).resolves.toMatchObject({
        code: 'bad_source',
        message: expect.stringMatching(
          /^Another process is indexing manuals: wait until it has ended\. If it was killed, manuals is free in (59|60) s\.$/,
        ),
      });
      await opened.expire('manuals');
      await other.begin(source);
      expect((await failureOf(async () => opened.index.drop('manuals', 'a.md'))).message).toMatch(
        /taken over/,
      );
      await other.end('manuals');
    });

    it('goes on after a kill between two batches of a document, and leaves nothing of what is gone', async () => {
      await added({ 'a.md': 'A text that stays.' });
      const [source, other] = [await opened.index.source('manuals'), await opened.other()];
      if (source === undefined) throw new RangeError('the source is gone');
      const chunks = Array.from({ length: 520 }, (_, n) => chunkOf(`Line ${n} of the xylophone.`));
      await opened.index.begin(source);
      const killed = {
        ...chunkOf('x'),
        get text(): string {
          throw new RangeError('killed');
        },
      };
      const putting = async () =>
        opened.index.put('manuals', [{ document: BIG, chunks: [...chunks.slice(0, 510), killed] }]);
      await expect(putting()).rejects.toThrow();
      await opened.expire('manuals');
      await other.begin(source);
      expect((await other.documents('manuals')).get('big.md')?.fileHash ?? '').toBe('');
      await other.put('manuals', [{ document: BIG, chunks }]);
      await other.end('manuals');
      expect(await paths('xylophone')).toHaveLength(5);
      expect((await other.documents('manuals')).get('big.md')).toEqual(BIG);
      expect(await other.sources()).toMatchObject([{ documents: 2, chunks: 521 }]);
      await other.begin(source);
      await other.drop('manuals', 'big.md');
      expect(await paths('xylophone')).toEqual([]);
      expect(await paths('stays')).toEqual(['a.md']);
    });
  });
}

const BIG: KnownDocument = {
  ...{ path: 'big.md', title: 'Big', bytes: 9, mtimeMs: 9, fileHash: 'f', textHash: 't', extractor: 'x' },
  ...{ code: '', message: '', at: '2026-01-01T00:00:00.000Z' },
  state: 'indexed',
};

function chunkOf(text: string): Chunk {
  return { hash: contentHashOf(text), heading: '', text, start: 0, end: text.length };
}
