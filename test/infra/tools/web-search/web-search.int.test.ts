import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LookUpCache } from '../../../../src/infra/tools/cache/look-up-cache.ts';
import { brave } from '../../../../src/infra/tools/web-search/brave.ts';
import type { SearchProvider } from '../../../../src/infra/tools/web-search/search-provider.ts';
import { searxng } from '../../../../src/infra/tools/web-search/searxng.ts';
import { tavily } from '../../../../src/infra/tools/web-search/tavily.ts';
import { webSearch } from '../../../../src/infra/tools/web-search/web-search.ts';
import { failureOf } from '../../../support/failure-of.ts';
import { fakeLookUps } from '../../../support/fakes/fake-look-ups.ts';
import { type SearchServer, searchServer } from '../../../support/web/search-server.ts';

let server: SearchServer;

beforeAll(async () => {
  server = await searchServer();
});
beforeEach(() => server.reset());
afterAll(() => server[Symbol.asyncDispose]());

function toolOf(provider: SearchProvider, kept = new LookUpCache(fakeLookUps())) {
  const tool = webSearch({
    provider,
    baseUrl: server.url(`/${provider.name}`),
    keyVariable: provider.keyVariable,
    key: () => 'the-key',
    price: provider.price,
    keepDays: 7,
    kept,
  });
  const context = { signal: new AbortController().signal, shownUrls: new Set<string>() };
  return { tool, search: (args: object = { query: 'northern bees' }) => tool.run({ ...args }, context) };
}

const PROVIDERS = [searxng, brave, tavily];

describe.each(PROVIDERS.map((provider) => [provider.name, provider] as const))(
  'web_search by %s',
  (name, provider) => {
    it('gives titles, URLs that can be opened, and excerpts as plain text', async () => {
      const { pieces, urls } = await toolOf(provider).search();
      expect(urls).toEqual(['https://example.org/bees', 'https://example.org/hives?n=2']);
      expect(pieces?.[0]).toMatchObject({
        kind: 'page',
        source: 'page:example.org/bees',
        title: 'Bees & hives',
        url: 'https://example.org/bees',
        text: 'The northern bee visits "four hundred" flowers.',
      });
    });

    it('asks with the query and its key, and tells nobody else of either', async () => {
      await toolOf(provider).search({ query: 'a b&c', limit: 1 });
      expect(server.seen).toEqual([expect.objectContaining({ provider: name, query: 'a b&c' })]);
      expect(server.seen[0]?.key).toBe(name === 'searxng' ? undefined : 'the-key');
    });

    it('gives no more than were asked for', async () => {
      expect((await toolOf(provider).search({ query: 'bees', limit: 1 })).pieces).toHaveLength(1);
    });

    it('says so where nothing was found', async () => {
      server.answers(() => ({ status: 200, hits: [] }));
      expect(await toolOf(provider).search()).toMatchObject({
        pieces: [],
        text: expect.stringContaining('Nothing was found'),
      });
    });

    it('is asked once for the same words, whoever asks', async () => {
      const kept = new LookUpCache(fakeLookUps());
      await toolOf(provider, kept).search();
      expect(await toolOf(provider, kept).search()).toMatchObject({ cached: true });
      expect(server.seen).toHaveLength(1);
    });

    it.each([
      [429, { kind: 'transient', facts: { pressure: 'rate-limit', retryAfterMs: 3_000 } }],
      [503, { kind: 'transient', facts: { outageSignal: true, retryAfterMs: 3_000 } }],
      [401, { kind: 'fatal', code: 'search_key_refused' }],
      [402, { kind: 'outage', code: 'quota_exhausted' }],
      [400, { kind: 'content', facts: { final: true } }],
    ])('fails as a server does: %i', async (status, expected) => {
      server.answers(() => ({ status, hits: [] }));
      expect(await failureOf(() => toolOf(provider).search())).toMatchObject(expected);
    });

    it('does not take a page of something else for results', async () => {
      server.answers(() => ({ status: 200, body: '<html>Please log in</html>' }));
      expect(await failureOf(() => toolOf(provider).search())).toMatchObject({
        kind: 'transient',
        code: 'malformed_response',
      });
    });
  },
);

describe('web_search', () => {
  it('says of a SearXNG 403: The SearXNG at URL gives no JSON (403): enable json under search.formats in its settings.yml.', async () => {
    server.answers(() => ({ status: 403, hits: [] }));
    const { kind, message } = await failureOf(() => toolOf(searxng).search());
    expect(kind).toBe('fatal');
    expect(message).toBe(
      `The SearXNG at ${server.url('/searxng')} gives no JSON (403): enable json under search.formats in its settings.yml.`,
    );
  });

  it('names the variable of the key where the key is refused or its quota is spent', async () => {
    server.answers(() => ({ status: 422, body: '{"error":{"code":"SUBSCRIPTION_TOKEN_INVALID"}}' }));
    expect(await failureOf(() => toolOf(brave).search())).toMatchObject({
      kind: 'fatal',
      message: expect.stringContaining('BRAVE_SEARCH_API_KEY'),
    });
    server.answers(() => ({ status: 432, hits: [] }));
    expect(await failureOf(() => toolOf(tavily).search())).toMatchObject({
      kind: 'outage',
      message: expect.stringContaining('TAVILY_API_KEY'),
    });
    server.answers(() => ({ status: 429, body: '{"error":{"code":"QUOTA_LIMITED"}}' }));
    expect(await failureOf(() => toolOf(brave).search())).toMatchObject({ kind: 'outage' });
  });

  it('costs what its provider costs', () => {
    expect(PROVIDERS.map((provider) => toolOf(provider).tool.price)).toEqual([0, 0.005, 0.008]);
  });

  it('by a provider of a plugin that throws whatever it likes may pass', async () => {
    const broken = { ...searxng, search: () => Promise.reject(new Error('no network')) };
    expect(await failureOf(() => toolOf(broken).search())).toMatchObject({
      kind: 'transient',
      code: 'search_failed',
    });
  });
});
