import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { type PageServer, pageServer } from './page-server.ts';

type Hit = Readonly<{ title: string; url: string; excerpt: string }>;
type Answer = Readonly<{ status: number }> &
  (Readonly<{ hits: readonly Hit[] }> | Readonly<{ body: string }>);
type Asked = Readonly<{ provider: string; query: string; key: string | undefined }>;

/** What SearXNG, Brave and Tavily answer, each as it does, below `/searxng`, `/brave` and `/tavily`. */
export type SearchServer = PageServer &
  Readonly<{
    seen: readonly Asked[];
    answers(answer: (asked: Asked) => Answer): void;
    reset(): void;
  }>;

const HITS: readonly Hit[] = [
  {
    title: 'Bees &amp; <strong>hives</strong>',
    url: 'https://example.org/bees#top',
    excerpt: 'The <strong>northern</strong> bee visits &quot;four hundred&quot; flowers.',
  },
  { title: 'Hives', url: 'https://example.org/hives?n=2', excerpt: 'A hive has one queen.' },
  { title: 'A file', url: 'ftp://example.org/', excerpt: 'Nobody can open it.' },
];
const bodySchema = z.object({ query: z.string() });

export async function searchServer(): Promise<SearchServer> {
  const seen: Asked[] = [];
  const usual = (): Answer => ({ status: 200, hits: HITS });
  let answer: (asked: Asked) => Answer = usual;
  const asked = async (provider: string, request: IncomingMessage): Promise<Asked> => {
    const key =
      request.headers['x-subscription-token'] ?? request.headers.authorization?.replace('Bearer ', '');
    const inUrl = new URL(request.url ?? '/', 'http://host').searchParams.get('q');
    const query = inUrl ?? bodySchema.parse(JSON.parse(await text(request))).query;
    return { provider, query, key: key?.toString() };
  };
  const page =
    (provider: keyof typeof SHAPES) => async (request: IncomingMessage, response: ServerResponse) => {
      const of = await asked(provider, request);
      seen.push(of);
      const said = answer(of);
      const body = 'body' in said ? said.body : JSON.stringify(SHAPES[provider](said.hits));
      response.writeHead(said.status, { 'content-type': 'application/json', 'retry-after': '3' }).end(body);
    };
  const server = await pageServer({
    '/searxng/search': page('searxng'),
    '/brave/web/search': page('brave'),
    '/tavily/search': page('tavily'),
  });
  return {
    ...server,
    seen,
    answers: (next) => {
      answer = next;
    },
    reset: () => {
      answer = usual;
      seen.splice(0);
    },
  };
}

const SHAPES = {
  searxng: (hits: readonly Hit[]) => ({
    results: hits.map(({ title, url, excerpt }) => ({ title, url, content: excerpt })),
  }),
  brave: (hits: readonly Hit[]) => ({
    web: { results: hits.map(({ title, url, excerpt }) => ({ title, url, description: excerpt })) },
  }),
  tavily: (hits: readonly Hit[]) => ({
    results: hits.map(({ title, url, excerpt }) => ({ title, url, content: excerpt })),
  }),
};
