import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FetchOptions, SafeFetch } from '../../../../src/infra/tools/fetch/safe-fetch.ts';
import { failureOf } from '../../../support/failure-of.ts';
import { answerWith, type PageServer, pageServer, redirectTo } from '../../../support/web/page-server.ts';

const MIB = 1_024 * 1_024;
let server: PageServer;
let inner: PageServer;
let fetch: SafeFetch;

beforeAll(async () => {
  inner = await pageServer({ '/': answerWith('the secret of the inner network', 'text/plain') });
  server = await pageServer({
    '/page': answerWith('a page', 'Text/HTML; charset=utf-8'),
    '/packed': answerWith(gzipSync('a packed page'), 'text/html', { 'content-encoding': 'gzip' }),
    '/bomb': answerWith(gzipSync(Buffer.alloc(64 * MIB)), 'text/html', { 'content-encoding': 'gzip' }),
    '/broken': answerWith('no gzip at all', 'text/html', { 'content-encoding': 'gzip' }),
    '/odd': answerWith('?', 'text/html', { 'content-encoding': 'rot13' }),
    '/large': answerWith('x'.repeat(2 * MIB), 'text/html'),
    '/hop': redirectTo('/page'),
    '/inwards': redirectTo(inner.url('/')),
    '/to-a-file': redirectTo('file:///etc/passwd'),
    '/with-log-in': redirectTo('http://me:secret@example.org/'),
    '/loop': redirectTo('/loop'),
    '/gone': (_, response) => response.writeHead(410).end(),
    '/forbidden': (_, response) => response.writeHead(403).end(),
    '/busy': (_, response) => response.writeHead(429, { 'retry-after': '7' }).end(),
    '/down': (_, response) => response.writeHead(503).end(),
    '/slow': (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).write('a'),
    '/cut': (_, response) =>
      void response.writeHead(200, { 'content-length': '99' }).write('a', () => response.destroy()),
    '/echo': (request, response) => response.end(JSON.stringify(request.headers)),
  });
  fetch = new SafeFetch({ allowPrivate: [server.place] });
});

afterAll(async () => {
  await fetch.close();
  await server[Symbol.asyncDispose]();
  await inner[Symbol.asyncDispose]();
});

const get = (url: string, options: Partial<FetchOptions> = {}) =>
  fetch.get(url, { signal: new AbortController().signal, mostBytes: () => MIB, ...options });
const failed = (url: string, options: Partial<FetchOptions> = {}) => failureOf(() => get(url, options));

describe('a page of a stranger', () => {
  it('is read with its type, unpacked, and behind its redirects', async () => {
    expect(await get(server.url('/page'))).toMatchObject({ type: 'text/html', bytes: Buffer.from('a page') });
    expect((await get(server.url('/packed'))).bytes.toString()).toBe('a packed page');
    expect(await get(server.url('/hop'))).toMatchObject({ url: server.url('/page') });
  });

  it('is told nothing of us but that we are Millrace: no cookie, no key, no address of before', async () => {
    const { bytes } = await get(server.url('/echo'));
    const headers: unknown = JSON.parse(bytes.toString());
    expect(Object.keys(headers ?? {}).sort()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'host',
      'user-agent',
    ]);
  });

  it('is asked whether it may be visited at each of its redirects, before it is', async () => {
    const visited: string[] = [];
    await get(server.url('/hop'), { mayVisit: (url) => void visited.push(url.pathname) });
    expect(visited).toEqual(['/hop', '/page']);
    const before = server.asked.length;
    const refuse = () => {
      throw new Error('no');
    };
    await expect(get(server.url('/page'), { mayVisit: refuse })).rejects.toThrow('no');
    expect(server.asked).toHaveLength(before);
  });

  it('never leads into the private network by a redirect', async () => {
    expect(await failed(server.url('/inwards'))).toMatchObject({ code: 'bad_url' });
    const anyPort = new SafeFetch({ allowPrivate: [server.place] });
    const signal = new AbortController().signal;
    for (const url of [
      'http://127.0.0.1/',
      'http://localhost/',
      'http://[::1]/',
      'http://169.254.169.254/latest/meta-data',
    ])
      expect(await failureOf(() => anyPort.get(url, { signal, mostBytes: () => MIB }))).toMatchObject({
        kind: 'content',
        code: 'address_refused',
      });
    await anyPort.close();
    expect(inner.asked).toEqual([]);
  });

  it('never leads there by a name either, whatever the name says', async () => {
    const loopback = Object.assign(
      (_: string, __: object, callback: (...found: unknown[]) => void) =>
        callback(null, [{ address: '127.0.0.1', family: 4 }]),
      {},
    ) as never;
    const rebound = new SafeFetch({ resolve: loopback });
    const signal = new AbortController().signal;
    expect(
      await failureOf(() => rebound.get('http://rebound.example.org/', { signal, mostBytes: () => MIB })),
    ).toMatchObject({ kind: 'content', code: 'address_refused' });
    await rebound.close();
  });

  it.each([
    ['/to-a-file', 'bad_url'],
    ['/with-log-in', 'bad_url'],
    ['/loop', 'too_many_redirects'],
    ['/gone', 'no_such_page'],
    ['/nothing', 'no_such_page'],
    ['/forbidden', 'page_refused'],
    ['/bomb', 'too_large'],
    ['/large', 'too_large'],
    ['/broken', 'bad_body'],
    ['/odd', 'bad_coding'],
  ])('is refused for good, with the reason: %s is %s', async (path, code) => {
    expect(await failed(server.url(path))).toMatchObject({ kind: 'content', code, facts: { final: true } });
  });

  it.each([
    ['/busy', { code: 'page_unavailable', facts: { retryAfterMs: 7_000, outageSignal: false } }],
    ['/down', { code: 'page_unavailable', facts: { outageSignal: false } }],
    ['/cut', { code: 'page_unreachable', facts: { outageSignal: false } }],
  ])('may be there in a moment, and its trouble is its own: %s', async (path, expected) => {
    expect(await failed(server.url(path))).toMatchObject({ kind: 'transient', ...expected });
  });

  it('that never ends is left when the time is over', async () => {
    const reason = new Error('the time is over');
    const aborting = new AbortController();
    const reading = get(server.url('/slow'), { signal: aborting.signal });
    await expect.poll(() => server.asked).toContain('/slow');
    aborting.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });

  it('of a type that nobody reads is not read at all', async () => {
    const refuse = () => {
      throw new Error('wrong type');
    };
    await expect(get(server.url('/large'), { mostBytes: refuse })).rejects.toThrow('wrong type');
  });

  it.each([
    'ftp://example.org/',
    'file:///etc/passwd',
    'http://me:secret@example.org/',
    'http://example.org:8080/',
    'example',
    `http://example.org/${'x'.repeat(3_000)}`,
  ])('has a URL of http or https, on a usual port and without a log-in: not %s', async (url) => {
    expect(await failed(url)).toMatchObject({ kind: 'content', code: 'bad_url' });
  });
});
