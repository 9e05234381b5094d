import { z } from 'zod';
import type { FoundPiece } from '../../../stages/evidence/finder.ts';
import { wholePlace } from '../../../stages/evidence/piece.ts';
import { pageSource } from '../../../stages/evidence/source-key.ts';
import { pageKey } from '../../../stages/tools/page-urls.ts';
import type { Tool } from '../../../stages/tools/tool.ts';
import { errorText, Failure } from '../../../streams/failure.ts';
import { argumentsSchema } from '../arguments-schema.ts';
import type { LookUpCache } from '../cache/look-up-cache.ts';
import type { SearchHit, SearchProvider } from './search-provider.ts';

const MOST_QUERY_CHARACTERS = 400;
const MOST_HITS = 10;
const USUAL_HITS = 5;
const MOST_EXCERPT_CHARACTERS = 1_500;
const VERSION = '1';
const TIMEOUT_MS = 15_000;

const argsSchema = z.object({
  query: z
    .string()
    .min(1)
    .max(MOST_QUERY_CHARACTERS)
    .describe('Two to eight words, as one types them into a search engine.'),
  limit: z.number().int().min(1).max(MOST_HITS).optional().describe('How many results; 5 if left out.'),
});

const foundSchema = z.object({
  hits: z.array(z.object({ title: z.string(), url: z.string(), excerpt: z.string() })),
  at: z.string(),
});

export type WebSearchDeps = Readonly<{
  provider: SearchProvider;
  baseUrl: string;
  keyVariable?: string | undefined;
  /** What that variable holds now. */
  key(): string | undefined;
  price: number;
  requestsPerMinute?: number | undefined;
  keepDays: number;
  kept: LookUpCache;
}>;

/** The tool `web_search`, by whichever provider. Its results can be opened by `open_page`. */
export function webSearch(deps: WebSearchDeps): Tool {
  const { provider, baseUrl, price, requestsPerMinute, keepDays, kept } = deps;
  return {
    name: 'web_search',
    version: VERSION,
    description:
      'Searches the web and gives titles, URLs and excerpts of pages. An excerpt may be cut or old: open the page with open_page before you rest on it.',
    parameters: argumentsSchema(argsSchema),
    reach: 'web',
    timeoutMs: TIMEOUT_MS,
    price,
    requestsPerMinute,
    run: async (args, { signal }) => {
      const { query, limit = USUAL_HITS } = argsSchema.parse(args);
      const { value, cached } = await kept.through(
        {
          tool: 'web_search',
          version: VERSION,
          args: { provider: provider.name, baseUrl, query, limit },
          days: keepDays,
        },
        foundSchema,
        async () => {
          const hits = (await searched(deps, query, limit, signal)).flatMap(knownHit).slice(0, limit);
          const sources = hits.map(({ url }) => pageSource(url));
          return { value: { hits, at: new Date().toISOString() }, sources };
        },
      );
      const text = value.hits.length === 0 ? 'Nothing was found: try fewer or other words.' : '';
      const pieces = value.hits.map((hit) => pieceOf(hit, value.at));
      return { pieces, text, urls: value.hits.map(({ url }) => url), cached };
    },
  };
}

async function searched(
  { provider, baseUrl, keyVariable, key }: WebSearchDeps,
  query: string,
  limit: number,
  signal: AbortSignal,
): Promise<readonly SearchHit[]> {
  try {
    return await provider.search(query, limit, { signal, baseUrl, key: key(), keyVariable });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Failure) throw error;
    // What a provider of a plugin throws may pass: its network, most of the time.
    throw new Failure(
      'transient',
      'search_failed',
      `Web search by ${provider.name} failed: ${errorText(error)}`,
      {
        ...{ cause: error, outageSignal: true },
      },
    );
  }
}

/** What has no page or no text is no result. */
function knownHit({ title, url, excerpt }: SearchHit): readonly SearchHit[] {
  const key = pageKey(url);
  const text = excerpt.slice(0, MOST_EXCERPT_CHARACTERS).toWellFormed();
  return key === undefined || text === '' ? [] : [{ title: title || key, url: key, excerpt: text }];
}

function pieceOf({ title, url, excerpt }: SearchHit, at: string): FoundPiece {
  const place = wholePlace(excerpt, at);
  return { kind: 'page', source: pageSource(url), title, url, text: excerpt, ...place };
}
