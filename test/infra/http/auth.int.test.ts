import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { healthRoutes } from '../../../src/features/serve/http/health-routes.ts';
import { httpTokenOf } from '../../../src/infra/http/http-token.ts';
import type { Route } from '../../../src/infra/http/route.ts';
import { startHttpServer } from '../../../src/infra/http/server.ts';
import { failureOf } from '../../support/failure-of.ts';
import { rawConnection, rawRequest } from '../../support/http/raw-request.ts';
import { served } from '../../support/http/served.ts';
import { tempDir } from '../../support/temp-dir.ts';

const TOKEN = '0123456789abcdef0123456789abcdef';
const guarded: Route = {
  method: 'GET',
  path: '/secret',
  summary: 'A secret.',
  replies: {},
  answer: () => ({}),
};
const open = healthRoutes(() => []);

async function start(options: Partial<Parameters<typeof startHttpServer>[0]>) {
  const whole = {
    port: 0,
    host: '127.0.0.1',
    token: undefined,
    version: '0.0.0',
    routes: [guarded],
    ...options,
  };
  const server = await startHttpServer(whole);
  onTestFinished(() => server.close());
  return server;
}

describe('a server with a token', () => {
  it.for([
    ['none', undefined, 401],
    ['an empty one', 'Bearer ', 401],
    ['another', `Bearer ${'x'.repeat(32)}`, 401],
    ['its beginning', `Bearer ${TOKEN.slice(0, -1)}`, 401],
    ['it and more', `Bearer ${TOKEN}x`, 401],
    ['it in another case', `Bearer ${TOKEN.toUpperCase()}`, 401],
    ['it by another scheme', `Basic ${TOKEN}`, 401],
    ['it twice', `Bearer ${TOKEN} ${TOKEN}`, 401],
    ['it', `Bearer ${TOKEN}`, 200],
    ['it in a scheme of small letters', `bearer ${TOKEN}`, 200],
  ] as const)('answers a request that brings %s', async ([, authorization, status]) => {
    const { address } = await start({ token: TOKEN });
    const response = await fetch(`${address}/secret`, {
      headers: authorization === undefined ? {} : { authorization },
    });
    expect(response.status).toBe(status);
    expect(response.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
    expect(await response.text()).not.toContain(TOKEN);
  });

  it('asks for it before it reads a body, on every route but the open ones', async () => {
    const { address } = await served({ token: TOKEN });
    for (const path of ['/livez', '/readyz', '/v1/openapi.json'])
      expect((await fetch(`${address}${path}`)).status, path).toBe(200);
    for (const path of ['/v1/status', `/v1/questions/${'a'.repeat(24)}`, '/v1/runs/x'])
      expect((await fetch(`${address}${path}`)).status, path).toBe(401);
    // The body never comes, and the answer does.
    const head =
      'POST /v1/questions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\nConnection: close\r\n\r\n';
    expect(await rawRequest(address, head)).toMatch(/^HTTP\/1.1 401 /);
  });

  it('takes no token that could be guessed', async () => {
    const guessable = [
      'short',
      `${'a'.repeat(20)} ${'b'.repeat(20)}`,
      'ü'.repeat(20),
      'a'.repeat(40),
      'hunter2'.repeat(5),
    ];
    for (const token of guessable) {
      const failure = await failureOf(() => start({ token }));
      expect(failure.code).toBe('bad_setting');
      expect(failure.message).not.toContain(token);
    }
  });
});

describe('a server that is asked with wrong tokens', () => {
  const asked = (address: string, token: string) =>
    fetch(`${address}/secret`, { headers: { authorization: `Bearer ${token}` } });

  it('tells of them once, lets their sender wait after 50, and keeps nobody out who was let in', async () => {
    const told: string[] = [];
    const { address } = await start({ token: TOKEN, onWrongTokens: (from) => told.push(from) });
    const inside = rawConnection(address);
    const request = `GET /secret HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`;
    inside.write(request);
    await once(inside, 'data');
    const statuses = new Map<number, number>();
    for (let index = 0; index < 60; index += 1) {
      const { status } = await asked(address, `guess-${index}`);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect([...statuses]).toEqual([
      [401, 50],
      [429, 10],
    ]);
    const waiting = await fetch(`${address}/secret`, {
      headers: { authorization: `Bearer ${TOKEN}`, connection: 'close' },
    });
    expect([waiting.status, waiting.headers.get('retry-after')]).toEqual([
      429,
      expect.stringMatching(/^[1-5]$/),
    ]);
    inside.write(request);
    expect(String((await once(inside, 'data'))[0])).toMatch(/^HTTP\/1.1 200 /);
    expect((await fetch(`${address}/secret`)).status).toBe(401);
    expect(told).toEqual(['127.0.0.1']);
  });
});

describe('/readyz', () => {
  const text = 'Nothing answers at http://inside:8000/v1.';
  const reason = { code: 'circuit_open', subject: 'http://inside:8000/v1', text };
  const routes = healthRoutes(() => [reason, reason]);
  const readyAt = async (address: string, headers = {}) =>
    (await fetch(`${address.replace('0.0.0.0', '127.0.0.1')}/readyz`, { headers })).json();

  it('tells codes alone to whoever does not bring the token', async () => {
    const { address } = await start({ token: TOKEN, routes });
    const codes = { status: 'no', reasons: [{ code: 'circuit_open' }] };
    expect(await readyAt(address)).toEqual(codes);
    expect(await readyAt(address, { authorization: `Bearer ${TOKEN.toUpperCase()}` })).toEqual(codes);
    const whole = { status: 'no', reasons: [reason, reason] };
    expect(await readyAt(address, { authorization: `Bearer ${TOKEN}` })).toEqual(whole);
  });

  it('tells codes alone off loopback where there is no token, and everything where none is wanted', async () => {
    const open = await start({ host: '0.0.0.0', routes });
    expect(await readyAt(open.address)).toEqual({ status: 'no', reasons: [{ code: 'circuit_open' }] });
    const inside = await start({ routes });
    expect(await readyAt(inside.address)).toEqual({ status: 'no', reasons: [reason, reason] });
  });
});

describe('a server whose token was made', () => {
  it('refuses pages of other origins before it looks at a token', async () => {
    const { address } = await start({ token: TOKEN, madeToken: true });
    const headers = { authorization: `Bearer ${TOKEN}`, 'sec-fetch-site': 'cross-site' };
    expect((await fetch(`${address}/secret`, { headers })).status).toBe(403);
    expect((await fetch(`${address}/secret`)).status).toBe(401);
  });
});

describe('a server off loopback', () => {
  it('does not start without a token, and says what to do', async () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.7', 'example.com']) {
      const failure = await failureOf(() => start({ host }));
      expect([failure.code, failure.message]).toEqual([
        'bad_setting',
        expect.stringContaining('MILLRACE_HTTP_TOKEN'),
      ]);
    }
  });

  it('starts with one, and where all it answers is open', async () => {
    const { address } = await start({ host: '0.0.0.0', token: TOKEN });
    const { port } = new URL(address);
    const headers = { authorization: `Bearer ${TOKEN}` };
    expect((await fetch(`http://127.0.0.1:${port}/secret`, { headers })).status).toBe(200);
    await start({ host: '0.0.0.0', routes: open });
  });
});

describe('the token', () => {
  it('is read from its setting or its file, and not from both', async () => {
    const httpTokenFile = join(await tempDir(), 'token');
    await writeFile(httpTokenFile, `${TOKEN}\n`);
    expect(await httpTokenOf({ httpToken: undefined, httpTokenFile })).toBe(TOKEN);
    expect(await httpTokenOf({ httpToken: TOKEN, httpTokenFile: undefined })).toBe(TOKEN);
    expect((await failureOf(() => httpTokenOf({ httpToken: TOKEN, httpTokenFile }))).code).toBe(
      'bad_setting',
    );
    const missing = await failureOf(() =>
      httpTokenOf({ httpToken: undefined, httpTokenFile: '/nowhere/token' }),
    );
    expect(missing.message).toContain('/nowhere/token');
  });
});

it('a port that is taken is named', async () => {
  const { address } = await start({});
  const failure = await failureOf(() => start({ port: Number(new URL(address).port) }));
  expect([failure.code, failure.message]).toEqual(['bad_port', expect.stringContaining('--port')]);
});
