import { hash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpProblem } from '../../../infra/http/problem.ts';
import type { Route } from '../../../infra/http/route.ts';
import { PAGE_NOT_BUILT } from '../page-directory.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Its own scripts, styles and data, and nothing else: https://www.w3.org/TR/CSP3/. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const FOREVER = 'public, max-age=31536000, immutable';

/**
 * The page as it was built, one route per file that stands in the directory: no path of a request ever reaches the file
 * system. None where it was not built.
 */
export async function pageRoutes(directory: string): Promise<readonly Route[]> {
  const files = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const routes = files
    .filter((file) => file.isFile())
    .map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      const at = path.slice(directory.length).replaceAll('\\', '/').replace(/^\/?/, '/');
      return pageRoute(at === '/index.html' ? '/' : at, name, await readFile(path));
    });
  return Promise.all(routes);
}

function pageRoute(path: string, name: string, content: Buffer): Route {
  const whole = filed(content);
  const elsewhere = path === '/' ? filed(openedElsewhere(content)) : whole;
  return {
    method: 'GET',
    path,
    summary: 'A file of the page.',
    open: true,
    hidden: true,
    replies: {
      200: { description: 'The file.', mediaType: TYPES[extname(name)] ?? 'application/octet-stream' },
    },
    answer: (request: FastifyRequest, reply: FastifyReply) => {
      const { bytes, etag } = isForeign(request) ? elsewhere : whole;
      reply.header('content-security-policy', POLICY).header('etag', etag);
      if (path === '/') reply.header('vary', 'sec-fetch-site');
      // A file with a hash in its name never changes.
      reply.header('cache-control', path.startsWith('/assets/') ? FOREVER : 'no-cache');
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      reply.type(TYPES[extname(name)] ?? 'application/octet-stream');
      return bytes;
    },
  };
}

function filed(bytes: Buffer): Readonly<{ bytes: Buffer; etag: string }> {
  return { bytes, etag: `"${hash('sha256', bytes, 'hex').slice(0, 32)}"` };
}

/** A page that a page elsewhere opened is told so: what its reader presses may have been meant for that one. */
function openedElsewhere(html: Buffer): Buffer {
  return Buffer.from(html.toString().replace('<html', '<html data-opened="elsewhere"'));
}

function isForeign({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  return site === 'cross-site' || site === 'same-site';
}

/** Stands in for the page in a checkout where it was not built. */
export const noPageRoute: Route = {
  method: 'GET',
  path: '/',
  summary: 'The page.',
  open: true,
  hidden: true,
  replies: {},
  answer: () => {
    throw new HttpProblem(404, 'no_page', `${PAGE_NOT_BUILT} The API is at /v1.`);
  },
};
