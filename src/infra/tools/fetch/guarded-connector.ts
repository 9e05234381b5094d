import { lookup as lookUpName } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { buildConnector } from 'undici';
import { isPublicAddress, literalAddress } from './addresses.ts';
import { addressRefused } from './fetch-failures.ts';
import { hostAndPort } from './page-url.ts';

export type Resolve = typeof lookUpName;

type Build = typeof buildConnector;

/**
 * Connects to public addresses alone, and to the hosts with ports that are let through. A name's addresses are checked in the very
 * look-up by which the connection is made, so what was checked is what is connected to, whatever the name says a moment later. A
 * host that is an address itself never reaches a look-up, and is checked before.
 *
 * @param isLetThrough whether a `host:port` may be private.
 */
export function guardedConnector(
  build: Build,
  isLetThrough: (place: string) => boolean,
  resolve: Resolve = lookUpName,
): buildConnector.connector {
  const open = build({ allowH2: false, timeout: CONNECT_TIMEOUT_MS, lookup: resolve as LookupFunction });
  const guarded = build({ allowH2: false, timeout: CONNECT_TIMEOUT_MS, lookup: guardedLookup(resolve) });
  return (options, callback) => {
    const { hostname, protocol, port } = options;
    if (isLetThrough(hostAndPort({ hostname, protocol, port }))) return open(options, callback);
    const address = literalAddress(hostname);
    if (address !== undefined && !isPublicAddress(address)) return callback(addressRefused(hostname), null);
    return guarded(options, callback);
  };
}

const CONNECT_TIMEOUT_MS = 10_000;

/** Every address of the name has to be public: of two, the other would be tried next. */
function guardedLookup(resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '');
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address)))
        return callback(addressRefused(hostname), '');
      if (options.all === true) return callback(null, [...addresses]);
      return callback(null, first.address, first.family);
    });
  };
}
