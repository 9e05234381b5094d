import { MongoClient } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { indexCollectionsOf } from '../../../../src/infra/engines/mongo/sources/documents.ts';
import { MongoFinder } from '../../../../src/infra/engines/mongo/sources/finder.ts';
import { keysOf, numberOf, WordIndex } from '../../../../src/infra/engines/mongo/sources/word-index.ts';
import { contentHashOf } from '../../../../src/stages/evidence/piece.ts';
import type { openedStore } from './opened.ts';

/** How the words of many chunks are kept on MongoDB. */
export function describeWordIndex(uri: string, open: () => ReturnType<typeof openedStore>): void {
  describe('the words of chunks on MongoDB', () => {
    it('are found whichever thousand of chunks they came with, and everyday words are left out', async () => {
      const { namespace, close } = await open();
      const client = await new MongoClient(uri).connect();
      const { chunks } = indexCollectionsOf(client.db(namespace));
      const put = async (count: number, words: readonly string[], before: number) => {
        const rows = Array.from({ length: count }, (_, n) => {
          const _id = contentHashOf(`${words.join(' ')} ${n}`);
          const index = { terms: '', headingTerms: '', words: keysOf(words, before), number: numberOf(_id) };
          return { _id, heading: '', text: '', put: '', ...index };
        });
        await chunks.insertMany(rows);
        return rows.map(({ number }) => number).toSorted();
      };
      const [first, later] = [await put(1, ['pump', 'pump'], 999), await put(2, ['pump', 'seal'], 50_000)];
      const index = new WordIndex(chunks);
      const found = await index.rare(['pump', 'seal', 'xylophone']);
      expect([...found].map(([word, numbers]) => [word, numbers.toSorted()])).toEqual([
        ['seal', later],
        ['pump', [...first, ...later].toSorted()],
      ]);
      await put(5_100, ['the', 'of'], 2_000);
      const rare = async (...words: readonly string[]) => [...(await index.rare(words)).keys()];
      for (const _ of ['counted', 'known']) {
        expect(await rare('the', 'pump', 'of', 'seal')).toEqual(['seal', 'pump']);
        expect(await rare('the', 'seal', 'of')).toEqual(['seal', 'the']);
      }
      expect((await index.rare(['of'])).get('of')).toHaveLength(5_100);
      await client.close();
      await close();
    });

    it('are indexed at the next start where an older Millrace left them to an index of texts', async () => {
      const { namespace, reopen, close } = await open();
      const client = await new MongoClient(uri).connect();
      const db = client.db(namespace);
      const { sources, documents, chunks, places } = indexCollectionsOf(db);
      const chunk = contentHashOf('The pump leaks.');
      const [source, document, put] = ['notes', 'notes/pumps.md', ''];
      const at = '2026-11-29T12:00:00.000Z';
      const free = { writer: '', writerUntil: new Date(0), half: false };
      const settings = { root: '/notes', include: [], exclude: [], license: '', fields: {}, addedAt: at };
      await sources.insertOne({ _id: source, ...settings, ...free });
      const read = { title: 'Pumps', bytes: 15, mtimeMs: 1, fileHash: 'f', textHash: 't', extractor: 'e' };
      const state = { state: 'indexed', code: '', message: '', at } as const;
      await documents.insertOne({ _id: document, source, path: 'pumps.md', ...read, ...state });
      await places.insertOne({ _id: `${document}/0`, source, document, n: 0, chunk, start: 0, end: 15, put });
      const texts = {
        heading: 'Pumps',
        text: 'The pump leaks.',
        terms: 'the pump leaks',
        headingTerms: 'pumps',
      };
      const old = { _id: chunk, ...texts, put };
      await db.collection<typeof old>('chunks').insertOne(old);
      await chunks.createIndex({ terms: 'text', headingTerms: 'text' }, { name: 'words' });
      const found = async () => {
        const finder = new MongoFinder(uri, namespace);
        const pieces = await finder.find({ text: 'Why does the pump leak?', limit: 5 });
        await finder.close();
        return pieces.map(({ text }) => text);
      };
      expect(await found()).toEqual([]);
      await reopen();
      expect(await found()).toEqual(['The pump leaks.']);
      expect((await chunks.indexes()).map(({ name }) => name)).not.toContain('words');
      await client.close();
      await close();
    });
  });
}
