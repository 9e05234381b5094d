import { request } from 'node:http';
import { expect, it } from 'vitest';
import { served } from '../../support/http/served.ts';

/** The reply to a method that `fetch` may refuse to send. */
function asked(address: string, method: string, path: string) {
  return new Promise<{ status: number | undefined; allow: string | undefined; type: string | undefined }>(
    (resolve, reject) => {
      const sent = request(`${address}${path}`, { method }, ({ statusCode, headers }) => {
        resolve({ status: statusCode, allow: headers.allow, type: headers['content-type'] });
        sent.destroy();
      });
      sent.on('error', reject).end();
    },
  );
}

it('a path that is there says which methods it takes', async () => {
  const { address } = await served();
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'])
    expect(await asked(address, method, '/v1/status?lane=main'), method).toEqual({
      status: 405,
      allow: 'GET, HEAD',
      type: 'application/problem+json; charset=utf-8',
    });
  expect((await asked(address, 'DELETE', '/v1/questions')).allow).toBe('POST');
  expect((await asked(address, 'DELETE', `/v1/questions/${'a'.repeat(24)}`)).allow).toBe('GET, HEAD');
});

it('a path that is not there takes none, and a parameter of any length is answered by its schema', async () => {
  const { address } = await served();
  expect((await asked(address, 'DELETE', '/v1/nothing')).status).toBe(404);
  expect((await asked(address, 'GET', `/v1/questions/${'a'.repeat(3_000)}`)).status).toBe(400);
});
