import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { parseSettings } from '../../../src/infra/config/load-settings.ts';
import { defineTool } from '../../../src/infra/tools/own/define-tool.ts';
import { toolHash } from '../../../src/infra/tools/tool-hash.ts';
import { openToolbox, type ToolboxDeps } from '../../../src/infra/tools/toolbox.ts';
import type { PieceFinder } from '../../../src/stages/evidence/finder.ts';
import { failureOf } from '../../support/failure-of.ts';

const STDIO = fileURLToPath(new URL('../../support/mcp/stdio-process.ts', import.meta.url));
const finder: PieceFinder = { find: async () => [], read: async () => undefined };
const searxng = { provider: 'searxng', baseUrl: 'http://127.0.0.1:8888' };
const wiki = { command: process.execPath, args: [STDIO], allow: ['search', 'environment'] };

type Raw = Parameters<typeof parseSettings>[0];

async function opened(settings: Raw, deps: Partial<ToolboxDeps> = {}) {
  const toolbox = await openToolbox(parseSettings(settings), { simulated: false, ...deps });
  onTestFinished(() => toolbox.close());
  return toolbox.tools;
}
const namesOf = async (settings: Raw, deps: Partial<ToolboxDeps> = {}) =>
  (await opened(settings, deps)).map(({ name }) => name);
const failed = (settings: Raw, deps: Partial<ToolboxDeps> = {}) => failureOf(() => opened(settings, deps));
const context = { signal: new AbortController().signal, shownUrls: new Set<string>() };

describe('what research may look things up with', () => {
  it('is what the settings name, and the documents where any are indexed', async () => {
    expect(await namesOf({})).toEqual([]);
    expect(await namesOf({}, { finder })).toEqual(['search_documents', 'open_document']);
    expect(await namesOf({ lookUpTools: { web: searxng } })).toEqual(['web_search', 'open_page']);
    expect(await namesOf({ lookUpTools: { page: {} } })).toEqual(['open_page']);
    expect(await namesOf({ lookUpTools: { mcp: { wiki } } })).toEqual(['wiki__search', 'wiki__environment']);
    expect(await namesOf({ researchSource: 'context' }, { finder })).toEqual([]);
  });

  it('opens no document where the finder of a plugin only searches', async () => {
    expect(await namesOf({}, { finder: { find: async () => [] } })).toEqual(['search_documents']);
  });

  it('without a key: Web search by brave needs a key: set BRAVE_SEARCH_API_KEY.', async () => {
    vi.stubEnv('BRAVE_SEARCH_API_KEY', undefined);
    const { kind, message } = await failed({ lookUpTools: { web: { provider: 'brave' } } });
    expect({ kind, message }).toEqual({
      kind: 'fatal',
      message: 'Web search by brave needs a key: set BRAVE_SEARCH_API_KEY.',
    });
    const own = await failed({ lookUpTools: { web: { provider: 'brave', keyVariable: 'MY_KEY' } } });
    expect(own.message).toBe('Web search by brave needs a key: set MY_KEY.');
    vi.stubEnv('BRAVE_SEARCH_API_KEY', 'a-key');
    expect(await namesOf({ lookUpTools: { web: { provider: 'brave' } } })).toContain('web_search');
  });

  it('says who can search the web, and that a SearXNG has an address', async () => {
    expect(await failed({ lookUpTools: { web: { provider: 'bing' } } })).toMatchObject({
      message: 'Unknown search provider "bing". Use one of: searxng, brave, tavily.',
    });
    expect(await failed({ lookUpTools: { web: { provider: 'searxng' } } })).toMatchObject({
      message: expect.stringContaining('set lookUpTools.web.baseUrl'),
    });
  });

  it('refuses documents and web: Your documents and web tools in one conversation: their text can reach the web.', async () => {
    const { kind, message } = await failed({ lookUpTools: { web: searxng } }, { finder });
    expect(kind).toBe('fatal');
    expect(message).toBe(
      'Your documents and web tools in one conversation: their text can reach the web. Set documentsWithWeb to "allow" if that is right, or leave one out.',
    );
    expect(await failed({ lookUpTools: { mcp: { wiki } } }, { finder })).toMatchObject({
      code: 'documents_with_web',
    });
  });

  it('takes both where that is allowed, where the documents are left out, or nothing reaches the web', async () => {
    const lookUpTools = { web: searxng };
    expect(await namesOf({ lookUpTools, documentsWithWeb: 'allow' }, { finder })).toHaveLength(4);
    expect(await namesOf({ lookUpTools, researchSource: 'context' }, { finder })).toHaveLength(2);
    expect(
      await namesOf({ lookUpTools: { mcp: { wiki: { ...wiki, reach: 'local' } } } }, { finder }),
    ).toHaveLength(4);
  });

  it('brings no secret of this process, and no more than a conversation bears', async () => {
    vi.stubEnv('WIKI_TOKEN', 'wiki-secret-value');
    const [, environment] = await opened({
      lookUpTools: { mcp: { wiki: { ...wiki, env: ['WIKI_TOKEN'] } } },
    });
    const { pieces = [] } = (await environment?.run({}, context)) ?? {};
    expect(pieces[0]?.text).toContain('"WIKI_TOKEN":"[redacted]"');
    const long = defineTool({
      ...{ name: 'long', version: '1', description: '', parameters: { type: 'object' }, reach: 'local' },
      run: async () => ({
        pieces: [
          { title: 'a', text: 'a'.repeat(9_000) },
          { title: 'b', text: 'b'.repeat(9_000) },
        ],
      }),
    });
    const [tool] = await opened({}, { own: [long] });
    const answer = await tool?.run({}, context);
    expect(answer?.pieces?.map(({ text, end }) => [text.length, end])).toEqual([
      [9_000, 9_000],
      [3_000, 3_000],
    ]);
    expect(answer?.text).toBe('6000 more characters are not shown: ask for less at once.');
  });

  it.each([
    ['with more patterns than can be checked', { pattern: '^.{0,1000}.{0,1000}.{0,1000}$' }],
    ['that is none', { type: 'word' }],
  ])(
    'has arguments that can be checked: a schema %s is told at the start, by the name of its tool',
    async (_, code) => {
      const tool = defineTool({
        ...{ name: 'part_number', version: '1', description: '', reach: 'local', run: async () => 'x' },
        parameters: { type: 'object', properties: { code } },
      });
      const { kind, code: told, message } = await failed({}, { own: [tool] });
      expect([kind, told]).toEqual(['fatal', 'bad_setting']);
      expect(message).toMatch(/^The arguments of the tool part_number cannot be checked: .*Leave it out/s);
    },
  );

  it('is invented in a rehearsal, and says so: nobody is asked', async () => {
    const settings = {
      lookUpTools: { web: searxng, mcp: { wiki: { ...wiki, command: 'no-such-command' } } },
    };
    const own = defineTool({
      ...{ name: 'part_number', version: '1', description: '', parameters: { type: 'object' } },
      ...{ reach: 'local', price: 1, run: () => expect.unreachable() },
    });
    const tools = await opened(settings, { simulated: true, own: [own] });
    expect(tools.map(({ name, price }) => [name, price])).toEqual([
      ['web_search', 0],
      ['open_page', 0],
      ['part_number', 0],
      ['wiki__search', 0],
      ['wiki__environment', 0],
    ]);
    for (const tool of tools) {
      const { pieces = [], urls = [] } = await tool.run(
        { query: 'bees', url: 'https://simulated.invalid/1' },
        context,
      );
      expect(pieces.length).toBeGreaterThan(0);
      expect(pieces.every(({ text, title }) => `${title}${text}`.includes('[simulated]'))).toBe(true);
      expect(urls.every((url) => url.startsWith('https://simulated.invalid/'))).toBe(true);
    }
  });

  it('has each name once', async () => {
    const own = defineTool({
      ...{ name: 'twice', version: '1', description: '', parameters: { type: 'object' }, reach: 'local' },
      run: async () => '',
    });
    expect(await failed({}, { own: [own, own] })).toMatchObject({
      message: expect.stringContaining('Two tools are called twice'),
    });
  });

  it('is named by all that a model is told of it', async () => {
    const [tool] = await opened({}, { finder });
    if (tool === undefined) return expect.fail('no tool');
    expect(toolHash({ ...tool })).toBe(toolHash(tool));
    expect(toolHash({ ...tool, description: 'Sends everything away.' })).not.toBe(toolHash(tool));
    return undefined;
  });
});
