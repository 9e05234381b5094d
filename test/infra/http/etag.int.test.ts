import { describe, expect, it } from 'vitest';
import type { Route } from '../../../src/infra/http/route.ts';
import { served } from '../../support/http/served.ts';

let value = 1;
const ROUTE: Route = {
  method: 'GET',
  path: '/v1/value',
  summary: 'A value.',
  replies: { 200: { description: 'It.' } },
  answer: () => ({ value }),
};
const STREAM: Route = {
  ...ROUTE,
  path: '/v1/stream',
  answer: () => new Blob(['long']).stream(),
};

describe('a GET over HTTP', () => {
  it('is answered 304 without a body to who has the reply already, and whole once it changed', async () => {
    const { address } = await served({ routes: [ROUTE] });
    const first = await fetch(`${address}/v1/value`);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{27}"$/);
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await ask(`${address}/v1/value`, known);
      expect(again.status, known).toBe(304);
      expect(await again.text()).toBe('');
      expect(again.headers.get('etag')).toBe(etag);
    }
    value += 1;
    const changed = await ask(`${address}/v1/value`, etag);
    expect(changed.status).toBe(200);
    expect(await changed.json()).toEqual({ value });
  });

  it('has no name where it is a stream or a problem, and is not to be kept then', async () => {
    const { address } = await served({ routes: [STREAM] });
    for (const path of ['/v1/stream', '/v1/nothing']) {
      const reply = await ask(`${address}${path}`, '*');
      expect(reply.headers.get('etag'), path).toBeNull();
      expect(reply.headers.get('cache-control'), path).toBe('no-store');
      expect(await reply.text()).not.toBe('');
    }
  });
});

// A cache of the client would answer by itself.
function ask(url: string, known: string): Promise<Response> {
  return fetch(url, { headers: { 'if-none-match': known }, cache: 'no-store' });
}
