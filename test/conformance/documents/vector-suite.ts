import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addSource, refreshSource } from '../../../src/features/sources/add-source.ts';
import type { Unembedded, VectorSpace } from '../../../src/infra/documents/vectors/vector-index.ts';
import { tempDir } from '../../support/temp-dir.ts';
import type { OpenedIndex } from './index-suite.ts';

const SPACE: VectorSpace = {
  ...{ model: 'e', dimensions: 3, asked: false, address: 'http://e/v1', keyVariable: 'KEY' },
};
const OTHER: VectorSpace = { ...SPACE, model: 'other', dimensions: 2, asked: true };
const FILES = { 'a.md': 'Oil engine, engine.', 'b.md': 'Sails of the boat.', 'c.md': 'Water of the engine.' };
const TOWARDS: Readonly<Record<string, Int8Array>> = {
  Oil: Int8Array.of(127, 0, 0),
  Sails: Int8Array.of(0, 127, 0),
  Water: Int8Array.of(90, 0, 90),
};

/** To water before sails, and away from oil. */
const TO_WATER = [-50, 30, 120];

/** What the vectors of an index have to do, whatever keeps it. */
export function describeVectors(engine: string, open: () => Promise<OpenedIndex>): void {
  describe(`the vectors of an index on ${engine}`, () => {
    let opened: OpenedIndex;
    let root: string;
    beforeEach(async () => {
      opened = await open();
      root = join(await tempDir(), 'manuals');
      await mkdir(root);
      for (const [path, text] of Object.entries(FILES)) await writeFile(join(root, path), text);
      await addSource(opened.index, root);
    });
    afterEach(() => opened.close());

    const without = (space: VectorSpace, limit = 10, after = '') =>
      opened.index.vectors.without(space, limit, after);
    const vectorOf = ({ text }: Unembedded) => TOWARDS[text.split(' ')[0] ?? ''] ?? new Int8Array();
    const put = async (space = SPACE) => {
      const chunks = await without(space);
      await opened.index.vectors.putVectors(
        space,
        new Map(chunks.map((each) => [each.hash, vectorOf(each)])),
      );
    };
    const near = async (text: string, values: readonly number[], more: object = {}) =>
      (
        await opened.finder.find({
          ...{ text, limit: 5, vector: { space: SPACE, values: Int8Array.from(values) } },
          ...more,
        })
      ).map(({ path }) => path);

    it('are none at first, and every chunk lacks one', async () => {
      const { vectors } = opened.index;
      expect(await vectors.spaces()).toEqual([]);
      expect(await opened.finder.spaces()).toEqual([]);
      const characters = Object.values(FILES).join('').length;
      expect(await vectors.lacking(SPACE)).toEqual({ chunks: 3, characters });
      const all = await without(SPACE);
      expect(all.map(({ text }) => text).toSorted()).toEqual(Object.values(FILES).toSorted());
      expect(await without(SPACE, 10, all[0]?.hash)).toEqual(all.slice(1));
      expect(await without(SPACE, 1, all[0]?.hash)).toEqual([all[1]]);
      await vectors.answerBy(SPACE);
      expect(await vectors.spaces()).toEqual([]);
    });

    it('rank what is found, and its words as well', async () => {
      expect(await near('engine boat', TO_WATER)).toEqual(['b.md', 'a.md', 'c.md']);
      await put();
      expect(await opened.finder.spaces()).toEqual([{ ...SPACE, ready: false }]);
      expect(await near('engine boat', TO_WATER)).toEqual(['b.md', 'c.md', 'a.md']);
      expect(await near('engine boat', TO_WATER, { sources: ['nobody'] })).toEqual([]);
      expect(await near('engine boat', TO_WATER, { sources: ['manuals'] })).toEqual(['b.md', 'c.md', 'a.md']);
    });

    it('go with their chunks, and a chunk that has gone gets none', async () => {
      const before = await without(SPACE);
      await rm(join(root, 'a.md'));
      await refreshSource(opened.index, 'manuals');
      await opened.index.vectors.putVectors(
        SPACE,
        new Map(before.map((each) => [each.hash, vectorOf(each)])),
      );
      expect(await near('oil engine', [127, 0, 0])).not.toContain('a.md');
      await writeFile(join(root, 'a.md'), FILES['a.md']);
      await refreshSource(opened.index, 'manuals');
      expect((await without(SPACE)).map(({ text }) => text)).toEqual([FILES['a.md']]);
      await opened.index.remove('manuals');
      expect(await opened.index.vectors.lacking(SPACE)).toEqual({ chunks: 0, characters: 0 });
    });

    it('of another model stand beside the old ones until they answer', async () => {
      await put();
      await opened.index.vectors.answerBy(SPACE);
      await put(OTHER);
      expect(await opened.index.vectors.spaces()).toEqual([
        { ...SPACE, ready: true },
        { ...OTHER, ready: false },
      ]);
      expect(await near('engine boat', TO_WATER)).toEqual(['b.md', 'c.md', 'a.md']);
      await opened.index.vectors.answerBy(OTHER);
      expect(await opened.finder.spaces()).toEqual([{ ...OTHER, ready: true }]);
      expect(await opened.index.vectors.lacking(SPACE)).toMatchObject({ chunks: 3 });
      expect(await opened.index.vectors.lacking(OTHER)).toMatchObject({ chunks: 0 });
    });

    it('are made by one process at a time, where several machines reach them', async () => {
      const { lease } = opened.index.vectors;
      if (lease === undefined) return;
      expect([await lease.take('a'), await lease.take('a'), await lease.take('b')]).toEqual([
        true,
        true,
        false,
      ]);
      await lease.release('b');
      expect(await lease.take('b')).toBe(false);
      await lease.release('a');
      expect([await lease.take('b'), await lease.take('a')]).toEqual([true, false]);
    });

    it('that a model refused are none, and nobody asks for them again', async () => {
      const [first] = await without(SPACE);
      await opened.index.vectors.putVectors(SPACE, new Map([[first?.hash ?? '', new Int8Array()]]));
      expect(await without(SPACE)).toHaveLength(2);
      expect(await near('engine boat', [1, 1, 1])).toHaveLength(3);
    });
  });
}
