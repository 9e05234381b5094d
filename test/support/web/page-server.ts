import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type PageAnswer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server of pages on loopback, which hears of what it is asked. */
export type PageServer = AsyncDisposable &
  Readonly<{
    port: number;
    /** `127.0.0.1:port`. */
    place: string;
    url(path: string): string;
    /** Paths with queries, in order. */
    asked: string[];
  }>;

/** Serves pages by their paths; what is not among them is 404. */
export async function pageServer(pages: Readonly<Record<string, PageAnswer>>): Promise<PageServer> {
  const asked: string[] = [];
  const listener: RequestListener = (request, response) => {
    const path = request.url ?? '/';
    asked.push(path);
    const answer = pages[path] ?? pages[path.split('?', 1)[0] ?? ''];
    if (answer === undefined) response.writeHead(404).end('nothing here');
    else answer(request, response);
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const place = `127.0.0.1:${port}`;
  return {
    port,
    place,
    url: (path) => `http://${place}${path}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A page with an article of so many paragraphs. */
export function articlePage(title: string, paragraphs: readonly string[], more = ''): PageAnswer {
  const body = paragraphs.map((text) => `<p>${text}</p>`).join('\n');
  const html = `<!doctype html><html><head><title>${title}</title></head><body><nav><a href="/nav">Menu</a></nav><article><h1>${title}</h1>${body}${more}</article></body></html>`;
  return answerWith(html, 'text/html; charset=utf-8');
}

export function answerWith(
  body: string | Uint8Array,
  type: string,
  headers: Readonly<Record<string, string>> = {},
): PageAnswer {
  return (_, response) => response.writeHead(200, { 'content-type': type, ...headers }).end(body);
}

export function redirectTo(location: string): PageAnswer {
  return (_, response) => response.writeHead(302, { location }).end();
}
