import { MongoClient } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { indexCollectionsOf } from '../../../../src/infra/engines/mongo/sources/documents.ts';
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
  });
}
