import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { indexPath } from '../../../../src/infra/documents/index/index-place.ts';
import { SearchThread } from '../../../../src/infra/documents/index/search-thread.ts';
import { openDocument } from '../../../../src/infra/tools/documents/open-document.ts';
import { searchDocuments } from '../../../../src/infra/tools/documents/search-documents.ts';
import { createSources, type Sources } from '../../../../src/library/sources.ts';
import type { Tool } from '../../../../src/stages/tools/tool.ts';
import { failureOf } from '../../../support/failure-of.ts';

const ENGINE = Array.from(
  { length: 40 },
  (_, n) => `## Part ${n}\n\n${`Part ${n} needs oil at rest. `.repeat(40)}`,
).join('\n\n');
let root: string;
let sources: Sources;
let finder: SearchThread;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'millrace-test-'));
  const data = join(root, 'data');
  for (const name of ['manuals', 'wiki']) await mkdir(join(root, name), { recursive: true });
  await writeFile(join(root, 'manuals', 'engine.md'), ENGINE);
  await writeFile(
    join(root, 'manuals', 'sails.md'),
    'Reef the sail before the oil boils. More: https://example.org/sails.',
  );
  await writeFile(join(root, 'wiki', 'oil.md'), 'Oil of the wiki.');
  sources = await createSources({ data });
  for (const name of ['manuals', 'wiki']) await sources.add(join(root, name), { name });
  finder = new SearchThread(indexPath({ data, namespace: 'millrace' }));
});

afterAll(async () => {
  await finder.close();
  await sources.close();
  await rm(root, { recursive: true, force: true });
});

const run = (tool: Tool, args: object, named?: readonly string[]) =>
  tool.run({ ...args }, { signal: new AbortController().signal, shownUrls: new Set(), sources: named });
const search = (args: object, named?: readonly string[]) => run(searchDocuments(finder), args, named);
const open = (args: object, named?: readonly string[]) =>
  run(
    openDocument((stretch) => finder.read(stretch)),
    args,
    named,
  );

describe('search_documents', () => {
  it('gives passages with the ids of their documents and places, and the URLs in them', async () => {
    const { pieces, text, urls } = await search({ query: 'reef sail' });
    expect(pieces).toMatchObject([{ kind: 'document', path: 'sails.md' }]);
    expect(text).toContain('document "manuals/sails.md", at 0');
    expect(urls).toEqual(['https://example.org/sails']);
  });

  it('gives as many as were asked for, of one document where it is named', async () => {
    expect((await search({ query: 'oil', limit: 3 })).pieces).toHaveLength(3);
    const { pieces } = await search({ query: 'oil', document: 'manuals/sails.md' });
    expect(pieces).toMatchObject([{ path: 'sails.md' }]);
  });

  it('searches no source that the lane does not name', async () => {
    expect((await search({ query: 'oil' }, ['wiki'])).pieces).toMatchObject([{ path: 'oil.md' }]);
    expect(await search({ query: 'oil', document: 'manuals/sails.md' }, ['wiki'])).toEqual({
      text: 'No passage has these words: try others.',
      ...{ costUsd: 0, tokens: 0 },
    });
  });
});

describe('open_document', () => {
  it('reads on around a passage that was found, piece by piece as they are quoted', async () => {
    const found = (await search({ query: 'part 20', limit: 1 })).pieces?.[0];
    const { pieces = [], text } = await open({ document: 'manuals/engine.md', at: found?.start });
    expect(pieces.some(({ contentHash }) => contentHash === found?.contentHash)).toBe(true);
    expect(pieces.reduce((sum, piece) => sum + piece.text.length, 0)).toBeLessThanOrEqual(8_000);
    expect(text).toMatch(/^Characters \d+ to \d+ of \d+ are shown\. To read on, ask again with at: \d+\.$/);
  });

  it('shows every character of a document to whoever goes on as it says', async () => {
    const seen = new Set<number>();
    let at: number | undefined;
    for (;;) {
      const { pieces = [], text = '' } = await open({ document: 'manuals/engine.md', at });
      for (const { start } of pieces) seen.add(start);
      const next = /with at: (\d+)/.exec(text)?.[1];
      if (next === undefined) break;
      at = Number(next);
    }
    const { pieces = [] } =
      (await finder.read({ source: 'manuals', path: 'engine.md', from: 0, characters: 1e6 })) ?? {};
    expect([...seen].sort((a, b) => a - b)).toEqual(pieces.map(({ start }) => start));
  });

  it.each(['manuals/nothing.md', '/etc/passwd', '../secrets', ''])(
    'takes ids, and no paths: %s',
    async (document) => {
      expect(await failureOf(() => open({ document }))).toMatchObject({
        kind: 'content',
        code: 'no_such_document',
      });
    },
  );

  it('opens nothing of a source that the lane does not name', async () => {
    expect(await failureOf(() => open({ document: 'manuals/sails.md' }, ['wiki']))).toMatchObject({
      code: 'no_such_document',
    });
  });
});
