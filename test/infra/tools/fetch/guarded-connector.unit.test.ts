import type { LookupFunction } from 'node:net';
import { describe, expect, it } from 'vitest';
import { guardedConnector, type Resolve } from '../../../../src/infra/tools/fetch/guarded-connector.ts';

type Build = Parameters<typeof guardedConnector>[0];
type Address = Readonly<{ address: string; family: number }>;

/** What a connector would connect to, by the look-up that it was given. */
function connecting(addresses: readonly Address[], lets: readonly string[] = [], all = false) {
  const resolve: Resolve = Object.assign(
    (_host: string, options: { all?: boolean }, callback: (...found: unknown[]) => void) => {
      if (options.all === true) callback(null, addresses);
      else callback(null, addresses[0]?.address, addresses[0]?.family);
    },
    { __promisify__: () => Promise.reject(new Error('not asked')) },
  ) as never;
  const build = ((options: { lookup: LookupFunction }) =>
    (to: { hostname: string }, callback: (error: Error | null, socket: unknown) => void) =>
      options.lookup(to.hostname, { all }, (error, found) => callback(error, found))) as unknown as Build;
  const connect = guardedConnector(build, (place) => lets.includes(place), resolve);
  return (hostname: string, port = '', protocol = 'http:') =>
    new Promise<unknown>((done) => {
      connect({ hostname, port, protocol } as never, (error: unknown, socket: unknown) =>
        done(error ?? socket),
      );
    });
}

const refused = { kind: 'content', code: 'address_refused' };
const publicOne = { address: '93.184.216.34', family: 4 };
const ownOne = { address: '127.0.0.1', family: 4 };

describe('connecting for a stranger', () => {
  it('goes to the very address that was checked, so a name that changes a moment later leads nowhere else', async () => {
    expect(await connecting([publicOne])('example.org')).toBe('93.184.216.34');
    expect(await connecting([publicOne], [], true)('example.org')).toEqual([publicOne]);
  });

  it('goes nowhere for a name with a private address, also where another one is public', async () => {
    expect(await connecting([ownOne])('rebound.example.org')).toMatchObject(refused);
    expect(await connecting([publicOne, ownOne])('rebound.example.org')).toMatchObject(refused);
    expect(await connecting([])('empty.example.org')).toMatchObject(refused);
  });

  it('goes nowhere for a private address that is written out, which no look-up sees', async () => {
    expect(await connecting([publicOne])('169.254.169.254')).toMatchObject(refused);
    expect(await connecting([publicOne])('[::1]')).toMatchObject(refused);
  });

  it('goes to a private place that is let through, on its port alone', async () => {
    const connect = connecting([ownOne], ['wiki.local:8080', 'intranet:443']);
    expect(await connect('wiki.local', '8080')).toBe('127.0.0.1');
    expect(await connect('intranet', '', 'https:')).toBe('127.0.0.1');
    expect(await connect('wiki.local', '80')).toMatchObject(refused);
  });
});
