import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PageSettings } from '../../../../src/infra/config/look-up-settings.ts';
import { LookUpCache } from '../../../../src/infra/tools/cache/look-up-cache.ts';
import { HostTurns } from '../../../../src/infra/tools/fetch/host-turns.ts';
import { SafeFetch } from '../../../../src/infra/tools/fetch/safe-fetch.ts';
import { openPage } from '../../../../src/infra/tools/page/open-page.ts';
import { PageReader } from '../../../../src/infra/tools/page/page-reader.ts';
import { pdfFile } from '../../../support/documents/pdf-file.ts';
import { failureOf } from '../../../support/failure-of.ts';
import {
  answerWith,
  articlePage,
  type PageServer,
  pageServer,
  redirectTo,
} from '../../../support/web/page-server.ts';

const SENTENCE = 'The northern bee visits four hundred flowers in one hour. ';
let server: PageServer;
let fetch: SafeFetch;
const readers: PageReader[] = [];

beforeAll(async () => {
  server = await pageServer({
    '/bees': articlePage('Bees', [
      SENTENCE.repeat(4),
      `See <a href="/hives#top">the hives</a>. ${SENTENCE.repeat(4)}`,
    ]),
    '/long': articlePage(
      'Long',
      Array.from({ length: 300 }, (_, n) => `${n}. ${SENTENCE}`),
    ),
    '/short': answerWith('<title>Short</title><p>Too little for an article. <a href="x">x</a>', 'text/html'),
    '/deep': answerWith('<div>'.repeat(300), 'text/html'),
    '/empty': answerWith('<script>1</script>', 'text/html'),
    '/paper': answerWith(
      await pdfFile([
        [{ lines: ['The first page is about bees.'] }],
        [{ lines: ['The second page is about hives.'] }],
      ]),
      'application/pdf',
    ),
    '/list': answerWith('Bees: https://example.org/bees, hives: (http://example.org/hives).', 'text/plain'),
    '/moved': redirectTo('/bees'),
    '/closed/page': articlePage('Closed', [SENTENCE.repeat(5)]),
    '/robots.txt': answerWith('User-agent: *\nDisallow: /closed/', 'text/plain'),
  });
  fetch = new SafeFetch({ allowPrivate: [server.place] });
});

beforeEach(() => server.asked.splice(0));

afterAll(async () => {
  for (const reader of readers) reader.close();
  await fetch.close();
  await server[Symbol.asyncDispose]();
});

function opened(rules: Partial<PageSettings> = {}) {
  const all = {
    denyHosts: [],
    freeHosts: [],
    allowPrivate: [],
    respectRobots: true,
    keepDays: 30,
    maxMiB: 5,
    pdfMaxMiB: 20,
    ...rules,
  };
  const reader = new PageReader(fetch, all, new HostTurns(0));
  readers.push(reader);
  const tool = openPage({ reader, rules: all, kept: new LookUpCache() });
  return (args: object, shown: readonly string[] = Object.values(args).map(String)) =>
    tool.run({ ...args }, { signal: new AbortController().signal, shownUrls: new Set(shown) });
}

describe('open_page', () => {
  it('gives the readable text of a page, and where it leads', async () => {
    const { pieces, urls, text } = await opened()({ url: server.url('/bees') });
    expect(pieces).toHaveLength(1);
    expect(pieces?.[0]).toMatchObject({
      kind: 'page',
      source: `page:${server.place}/bees`,
      title: 'Bees',
      url: server.url('/bees'),
      start: 0,
      text: expect.stringContaining(SENTENCE.trim()),
    });
    expect(pieces?.[0]?.text).not.toContain('Menu');
    expect(urls).toEqual([server.url('/bees'), server.url('/hives')]);
    expect(text).toContain(server.url('/hives'));
  });

  it('gives a long page in parts, and says where to go on', async () => {
    const open = opened();
    const first = await open({ url: server.url('/long') });
    const [one] = first.pieces ?? [];
    expect(one?.text.length).toBeLessThanOrEqual(8_000);
    expect(first.text).toContain(`ask again with at: ${one?.end}.`);
    const [two] =
      (await open({ url: server.url('/long'), at: one?.end }, [server.url('/long')])).pieces ?? [];
    expect(two).toMatchObject({ start: one?.end, contentHash: one?.contentHash });
    expect(one?.text.trimEnd().endsWith('.')).toBe(true);
  });

  it('opens only what a result of the work showed: an address that a model composes carries nothing away', async () => {
    const open = opened();
    const composed = server.url('/bees?said=the+secret');
    expect(await failureOf(() => open({ url: composed }, [server.url('/bees')]))).toMatchObject({
      kind: 'content',
      code: 'url_not_shown',
    });
    expect(server.asked).toEqual([]);
    const free = opened({ freeHosts: ['127.0.0.1'] });
    expect(await free({ url: composed }, [])).toMatchObject({ pieces: [{ title: 'Bees' }] });
  });

  it('follows where a shown page redirects to, and says where it came', async () => {
    const { pieces, urls } = await opened()({ url: server.url('/moved') });
    expect(pieces?.[0]).toMatchObject({ url: server.url('/bees'), source: `page:${server.place}/bees` });
    expect(urls).toContain(server.url('/bees'));
  });

  it('takes all of a page that has no article', async () => {
    expect(await opened()({ url: server.url('/short') })).toMatchObject({
      pieces: [{ title: 'Short', text: 'Too little for an article. x' }],
      urls: [server.url('/short'), server.url('/x')],
    });
  });

  it('reads a PDF page by page, and a text with the URLs in it', async () => {
    const { pieces } = await opened()({ url: server.url('/paper') });
    expect(pieces?.[0]).toMatchObject({ locator: { page: 1 }, text: expect.stringContaining('about hives') });
    const { urls } = await opened()({ url: server.url('/list') });
    expect(urls).toEqual([server.url('/list'), 'https://example.org/bees', 'http://example.org/hives']);
  });

  it.each([
    ['/deep', 'too_deep'],
    ['/empty', 'no_text'],
    ['/closed/page', 'robots_refuse'],
    ['/nowhere', 'no_such_page'],
  ])('tells the model why it cannot open one: %s', async (path, code) => {
    expect(await failureOf(() => opened()({ url: server.url(path) }))).toMatchObject({
      kind: 'content',
      code,
    });
  });

  it('asks no robots.txt where it need not be respected', async () => {
    const open = opened({ respectRobots: false });
    expect(await open({ url: server.url('/closed/page') })).toMatchObject({ pieces: [{ title: 'Closed' }] });
    expect(server.asked).toEqual(['/closed/page']);
  });

  it('opens nothing of a host that is denied, or is not among those that are named', async () => {
    const refused = { kind: 'content', code: 'host_refused' };
    const url = server.url('/bees');
    expect(await failureOf(() => opened({ denyHosts: ['127.0.0.1'] })({ url }))).toMatchObject(refused);
    expect(await failureOf(() => opened({ hosts: ['example.org'] })({ url }))).toMatchObject(refused);
    expect(server.asked).toEqual([]);
  });
});
