import type { FastifyRequest } from 'fastify';
import { HttpProblem } from './problem.ts';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/;
const NAMES = /^(?:localhost|[a-z0-9-]+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/** Whether only this machine can reach a server that listens there. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/**
 * Refuses a request under a name that is not this machine's: a page on the web may point its own name here and would
 * then count as the same origin (DNS rebinding). Only where no token is asked for.
 */
export function checkHost({ headers: { host } }: FastifyRequest): void {
  if (host !== undefined && NAMES.test(host)) return;
  const detail = 'This server listens on loopback: expected the name localhost or 127.0.0.1 in its address.';
  throw new HttpProblem(403, 'foreign_host', detail);
}

/**
 * Refuses what a page of another origin sends: browsers say where a request comes from, programs do not. A GET without CORS
 * carries no `Origin`, so `Sec-Fetch-Site` counts as well (https://www.w3.org/TR/fetch-metadata/): by the time that a search
 * takes, a page on the web could read what is searched. A link from elsewhere may open the page, and no data.
 */
export function checkOrigin({ headers, url }: FastifyRequest): void {
  const { origin, host, 'sec-fetch-site': site, 'sec-fetch-mode': mode } = headers;
  const opensPage = mode === 'navigate' && !/^\/(?:v1|metrics)\b/.test(url);
  const isForeign = (site === 'cross-site' || site === 'same-site') && !opensPage;
  if (!isForeign && (origin === undefined || hostOf(origin) === host)) return;
  throw new HttpProblem(403, 'foreign_origin', 'A page of another origin may not ask this server.');
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
