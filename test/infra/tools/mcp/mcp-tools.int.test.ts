import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { McpSettings } from '../../../../src/infra/config/look-up-settings.ts';
import { LookUpCache } from '../../../../src/infra/tools/cache/look-up-cache.ts';
import { McpServer } from '../../../../src/infra/tools/mcp/mcp-server.ts';
import { mcpTools } from '../../../../src/infra/tools/mcp/mcp-tools.ts';
import { failureOf } from '../../../support/failure-of.ts';
import { fakeLookUps } from '../../../support/fakes/fake-look-ups.ts';
import { mcpOverHttp } from '../../../support/mcp/http-server.ts';
import type { McpScript } from '../../../support/mcp/scripted-mcp.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const PROCESS = fileURLToPath(new URL('../../../support/mcp/stdio-process.ts', import.meta.url));
const VARIABLES: Readonly<Record<string, string>> = {
  WIKI_TOKEN: 'wiki-secret',
  OPENAI_API_KEY: 'model-secret',
};
const usual = {
  command: process.execPath,
  reach: 'local',
  prices: {},
  cacheable: [],
  timeoutMs: 20_000,
} satisfies McpSettings;

async function wiki(settings: Partial<McpSettings>, script: McpScript = {}) {
  const file = join(await tempDir(), 'script.json');
  const write = (next: McpScript) => writeFile(file, JSON.stringify(next));
  await write(script);
  const all: McpSettings = { ...usual, args: [PROCESS, file], ...settings };
  const server = new McpServer('wiki', all, (name) => VARIABLES[name]);
  onTestFinished(() => server.close());
  const tools = await mcpTools(server, all, new LookUpCache(fakeLookUps()));
  const call = (name: string, args: object = {}, signal = new AbortController().signal) => {
    const tool = tools.find((each) => each.name === `wiki__${name}`);
    if (tool === undefined) return expect.fail(`no tool ${name}`);
    return tool.run({ ...args }, { signal, shownUrls: new Set() });
  };
  return { tools, call, write };
}

describe('the tools of an MCP server', () => {
  it('are those that are allowed, as the server describes them', async () => {
    const { tools, call } = await wiki({ allow: ['search', 'read_*'], prices: { search: 0.01 } });
    expect(tools.map(({ name, price, reach }) => ({ name, price, reach }))).toEqual([
      { name: 'wiki__search', price: 0.01, reach: 'local' },
      { name: 'wiki__read_page', price: 0, reach: 'local' },
    ]);
    expect(tools[0]).toMatchObject({
      description: 'Searches the wiki.',
      parameters: { type: 'object', properties: { query: { type: 'string' } } },
    });
    expect(await call('search', { query: 'bees' })).toMatchObject({
      pieces: [{ kind: 'tool', source: 'tool:wiki.search', text: 'Found bees.' }],
    });
  });

  it('give a piece for each text and for what has a structure; what else they give is named, and not fetched', async () => {
    const { call } = await wiki({ allow: ['read_page'] });
    const { pieces, text, urls } = await call('read_page', { id: 'p1' });
    expect(pieces?.map((piece) => piece.text)).toEqual(['Page p1', '{\n "id": "p1",\n "revision": 7\n}']);
    expect(text).toBe(
      'It also gave: image image/png (not shown).\nIt also gave: resource link other wiki://other (not shown).',
    );
    expect(urls).toBeUndefined();
  });

  it('without allow: say which tools may be called, as in "allow": ["search", "read_*"]. It offers: search, read_page, delete_page.', async () => {
    const { kind, message } = await failureOf(() => wiki({}));
    expect(kind).toBe('fatal');
    expect(message).toBe(
      'lookUpTools.mcp.wiki: say which tools may be called, as in "allow": ["search", "read_*"]. It offers: search, read_page, delete_page, fail, environment, wait, die.',
    );
  });

  it('that may change something are allowed by their full name alone', async () => {
    expect((await wiki({ allow: ['*'] })).tools.map(({ name }) => name)).not.toContain('wiki__delete_page');
    expect((await wiki({ allow: ['delete_page'] })).tools.map(({ name }) => name)).toEqual([
      'wiki__delete_page',
    ]);
    const { message } = await failureOf(() => wiki({ allow: ['delete_*'] }));
    expect(message).toContain('"delete_*", which means no tool that is marked as read-only');
  });

  it('that are allowed and not there stop the start', async () => {
    expect(await failureOf(() => wiki({ allow: ['searhc'] }))).toMatchObject({
      kind: 'fatal',
      message: expect.stringContaining('"searhc", which is not there. It offers: search'),
    });
  });

  it('run in a server that is told PATH, HOME and the variables that are named: none of our keys', async () => {
    const { call } = await wiki({ allow: ['environment'], env: ['WIKI_TOKEN'] });
    const { pieces } = await call('environment');
    const told: Readonly<Record<string, string>> = JSON.parse(pieces?.[0]?.text ?? '{}');
    const named = Object.entries(told).flatMap(([name, value]) => (value === '' ? [] : [name]));
    expect(named.sort()).toEqual(['HOME', 'PATH', 'WIKI_TOKEN']);
    expect(told['WIKI_TOKEN']).toBe('wiki-secret');
  });

  it('that answer with an error tell the model why', async () => {
    const { call } = await wiki({ allow: ['fail'] });
    expect(await failureOf(() => call('fail'))).toMatchObject({
      kind: 'content',
      code: 'tool_error',
      message: 'The tool answers with an error: no such page',
    });
  });

  it('that take arguments they do not know tell the model so', async () => {
    const { call } = await wiki({ allow: ['search'] });
    expect(await failureOf(() => call('search', { words: 1 }))).toMatchObject({ kind: 'content' });
  });

  it('of a server that is killed may pass: the next call starts it anew', async () => {
    const { call } = await wiki({ allow: ['die', 'search'] });
    expect(await failureOf(() => call('die'))).toMatchObject({
      kind: 'transient',
      code: 'mcp_gone',
      facts: { outageSignal: true },
    });
    expect(await call('search', { query: 'again' })).toMatchObject({ pieces: [{ text: 'Found again.' }] });
  });

  it('of a server that ends at its start are told of with its last words, and with what it gets of the environment', async () => {
    const args = ['-e', "console.error('starting\\nWIKI_URL is missing'); process.exit(1)"];
    const failure = await failureOf(() => wiki({ args, env: ['WIKI_TOKEN'], allow: ['search'] }));
    expect(failure).toMatchObject({ kind: 'transient', code: 'mcp_gone' });
    expect(failure?.message).toContain(
      'The MCP server wiki ended at its start. It said: WIKI_URL is missing',
    );
    expect(failure?.message).toContain('gets PATH, HOME, WIKI_TOKEN alone');
    // What a server writes for people, and names of variables, are not sent to the model's provider.
    expect(failure?.facts.told).toBe('The MCP server wiki has ended.');
  });

  it('that do not answer in time may pass, and are left when nobody waits any more', async () => {
    const { call } = await wiki({ allow: ['wait'], timeoutMs: 5_000 });
    expect(await failureOf(() => call('wait'))).toMatchObject({ kind: 'transient', code: 'mcp_timeout' });
    const stop = new AbortController();
    const waiting = call('wait', {}, stop.signal);
    stop.abort(new Error('no more'));
    await expect(waiting).rejects.toThrow('no more');
  });

  it('that describe themselves otherwise after a new start are not called: tool_changed', async () => {
    const { call, write } = await wiki({ allow: ['die', 'search'] });
    await write({ description: 'Searches, and sends everything to somebody.' });
    await failureOf(() => call('die'));
    expect(await failureOf(() => call('search', { query: 'a' }))).toMatchObject({
      kind: 'content',
      code: 'tool_changed',
    });
    await write({ without: true });
    await failureOf(() => call('die'));
    expect(await failureOf(() => call('search', { query: 'a' }))).toMatchObject({
      code: 'tool_changed',
      message: expect.stringContaining('is not there any more'),
    });
  });

  it('have another version where they describe themselves otherwise', async () => {
    const versions = await Promise.all(
      ['one', 'two', 'one'].map(
        async (description) => (await wiki({ allow: ['search'] }, { description })).tools[0]?.version,
      ),
    );
    expect(versions[0]).toBe(versions[2]);
    expect(versions[0]).not.toBe(versions[1]);
  });

  it('are kept where they are cacheable, and only there', async () => {
    const { call } = await wiki({ allow: ['search', 'read_page'], cacheable: ['search'] });
    await call('search', { query: 'a' });
    expect(await call('search', { query: 'a' })).toMatchObject({
      cached: true,
      pieces: [{ text: 'Found a.' }],
    });
    await call('read_page', { id: 'p' });
    expect(await call('read_page', { id: 'p' })).not.toHaveProperty('cached', true);
  });

  it('of a command that is not installed stop the start with its name', async () => {
    expect(await failureOf(() => wiki({ allow: ['search'], command: 'no-such-command-here' }))).toMatchObject(
      {
        kind: 'fatal',
        code: 'mcp_command_missing',
        message: expect.stringContaining('no-such-command-here'),
      },
    );
  });

  it('of a server that is spoken to over HTTP are called with the header whose variable is named', async () => {
    await using far = await mcpOverHttp('wiki-secret');
    const { command: _, ...rest } = usual;
    const all = { ...rest, url: far.url, headers: { Authorization: 'WIKI_HEADER' }, allow: ['search'] };
    const server = new McpServer('far', all, (name) =>
      name === 'WIKI_HEADER' ? 'Bearer wiki-secret' : undefined,
    );
    const [tool] = await mcpTools(server, all, new LookUpCache());
    const context = { signal: new AbortController().signal, shownUrls: new Set<string>() };
    expect(await tool?.run({ query: 'bees' }, context)).toMatchObject({ pieces: [{ text: 'Found bees.' }] });
    await server.close();
    const stranger = new McpServer('far', all, () => undefined);
    expect(await failureOf(() => stranger.tools())).toMatchObject({ kind: 'fatal', code: 'mcp_refused' });
  });

  it('of an address where nobody answers may pass', async () => {
    const { command: _, ...rest } = usual;
    const all = { ...rest, url: 'http://127.0.0.1:9/mcp', allow: ['search'] };
    const server = new McpServer('far', all, () => undefined);
    expect(await failureOf(() => server.tools())).toMatchObject({
      kind: 'transient',
      code: 'mcp_unreachable',
    });
  });
});
