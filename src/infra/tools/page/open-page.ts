import { z } from 'zod';
import { contentHashOf } from '../../../stages/evidence/piece.ts';
import { pageSource } from '../../../stages/evidence/source-key.ts';
import { pageKey } from '../../../stages/tools/page-urls.ts';
import type { Tool, ToolAnswer, ToolContext } from '../../../stages/tools/tool.ts';
import type { PageSettings } from '../../config/look-up-settings.ts';
import { argumentsSchema } from '../arguments-schema.ts';
import type { LookUpCache } from '../cache/look-up-cache.ts';
import { refusedForGood } from '../refused-for-good.ts';
import { isAmong } from './page-hosts.ts';
import { type PageReader, pageSchema, type ReadPage } from './page-reader.ts';
import { goOnText, textPart } from './text-part.ts';

const argsSchema = z.object({
  url: z.string().describe('The URL of the page, exactly as a result showed it.'),
  at: z.number().int().min(0).optional().describe('From which character on; for long pages.'),
});
const VERSION = '1';
const TIMEOUT_MS = 30_000;
const MOST_SHOWN_LINKS = 40;

export type OpenPageDeps = Readonly<{
  reader: Pick<PageReader, 'read'>;
  rules: Pick<PageSettings, 'freeHosts' | 'keepDays'>;
  kept: LookUpCache;
}>;

/**
 * The tool `open_page`. It opens only what results of the same work showed, and where that redirects to: an address that a model puts
 * together could carry away whatever it has read.
 */
export function openPage({ reader, rules, kept }: OpenPageDeps): Tool {
  return {
    name: 'open_page',
    version: VERSION,
    description:
      'Opens a page of the web whose URL a result showed, and gives its text in parts of 8,000 characters, and its links. Open a page before you quote from it.',
    parameters: argumentsSchema(argsSchema),
    reach: 'web',
    timeoutMs: TIMEOUT_MS,
    price: 0,
    // A page's host is not the tool: that it is down concerns nobody else.
    whenDown: 'tell',
    run: async (args, context) => {
      const { url, at = 0 } = argsSchema.parse(args);
      const key = shownKey(url, context, rules.freeHosts);
      const { value, cached } = await kept.through(
        { tool: 'open_page', version: VERSION, args: { url: key }, days: rules.keepDays },
        pageSchema,
        async () => {
          const page = await reader.read(key, context.signal);
          return { value: page, sources: [...new Set([pageSource(key), pageSource(page.url)])] };
        },
      );
      return { ...answerOf(value, at), cached };
    },
  };
}

function shownKey(url: string, { shownUrls }: ToolContext, freeHosts: readonly string[]): string {
  const key = pageKey(url);
  if (key === undefined)
    throw refusedForGood('bad_url', 'Expected the URL of a page, such as https://example.org/page.');
  if (shownUrls.has(key) || shownUrls.has(url)) return key;
  if (isAmong(new URL(key).hostname, freeHosts)) return key;
  throw refusedForGood(
    'url_not_shown',
    'No result showed this URL: only those that results showed can be opened, letter by letter.',
  );
}

function answerOf(page: ReadPage, at: number): ToolAnswer {
  const { url, title, text, links, pages } = page;
  const part = textPart(text, at);
  const more = goOnText(part, text.length);
  const shown = links.slice(0, MOST_SHOWN_LINKS);
  const leads = shown.length === 0 ? [] : [`It links to:\n${shown.map((link) => `- ${link}`).join('\n')}`];
  if (part.text.trim() === '') return { text: more, urls: [url] };
  const onPage = pages === undefined ? -1 : pages.findLastIndex((begin) => begin <= part.start);
  return {
    pieces: [
      {
        kind: 'page',
        source: pageSource(url),
        title,
        url,
        ...part,
        contentHash: contentHashOf(text),
        at: page.at,
        ...(onPage === -1 ? {} : { locator: { page: onPage + 1 } }),
      },
    ],
    text: [more, ...leads].filter((line) => line !== '').join('\n\n'),
    urls: [url, ...shown],
  };
}
