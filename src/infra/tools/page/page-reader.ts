import { z } from 'zod';
import { pageKey, urlsIn } from '../../../stages/tools/page-urls.ts';
import { Failure } from '../../../streams/failure.ts';
import type { PageSettings } from '../../config/look-up-settings.ts';
import { ExtractorChildren } from '../../documents/extract/extractor-children.ts';
import type { ExtractedText } from '../../documents/text/block.ts';
import { decoded } from '../../documents/text/decode.ts';
import { HostTurns } from '../fetch/host-turns.ts';
import { Robots } from '../fetch/robots.ts';
import type { Fetched, SafeFetch } from '../fetch/safe-fetch.ts';
import { refusedForGood } from '../refused-for-good.ts';
import { assertHost } from './page-hosts.ts';
import { mayBe, type PageKind, pageKind } from './page-kind.ts';

export const pageSchema = z.object({
  /** After all redirects. */
  url: z.string(),
  title: z.string(),
  text: z.string(),
  /** Where it leads. */
  links: z.array(z.string()),
  /** Of a PDF, and whatever else has pages: where each page begins. */
  pages: z.array(z.number()).optional(),
  at: z.string(),
});
export type ReadPage = Readonly<z.output<typeof pageSchema>>;

type Read = Pick<ExtractedText, 'title' | 'text' | 'links' | 'pages'>;

const MIB = 1_024 * 1_024;
const MOST_CHARACTERS = 200_000;
const MOST_PARSING_MS = 20_000;

/** Reads pages: fetched by the safe way, one at a time of each host, and parsed in a process of its own. To be closed. */
export class PageReader {
  readonly #fetch: SafeFetch;
  readonly #rules: PageSettings;
  readonly #robots: Robots;
  readonly #turns: HostTurns;
  readonly #children = new ExtractorChildren({ mostMs: MOST_PARSING_MS });
  #parsing: Promise<unknown> = Promise.resolve();

  constructor(fetch: SafeFetch, rules: PageSettings, turns = new HostTurns()) {
    this.#fetch = fetch;
    this.#rules = rules;
    this.#robots = new Robots(fetch);
    this.#turns = turns;
  }

  /** Rejects with a Failure of kind `content` for what is refused, is not there or cannot be read, `transient` for what may pass. */
  async read(address: string, signal: AbortSignal): Promise<ReadPage> {
    const host = URL.parse(address)?.host ?? '';
    const fetched = await this.#turns.take(host, signal, () =>
      this.#fetch.get(address, {
        signal,
        mostBytes: (type) => this.#mostMiB(type) * MIB,
        mayVisit: (url) => this.#mayVisit(url, signal),
      }),
    );
    return await this.#parsed(fetched);
  }

  close(): void {
    this.#children.close();
  }

  async #mayVisit(url: URL, signal: AbortSignal): Promise<void> {
    assertHost(url, this.#rules);
    if (this.#rules.respectRobots) await this.#robots.assertMayRead(url, signal);
  }

  #mostMiB(type: string): number {
    const { maxMiB, pdfMaxMiB } = this.#rules;
    const kind = mayBe(type);
    return kind === 'page' || kind === 'text' ? maxMiB : Math.max(maxMiB, pdfMaxMiB);
  }

  async #parsed({ url, type, bytes }: Fetched): Promise<ReadPage> {
    const kind = pageKind(type, bytes);
    const at = new Date().toISOString();
    const { title, text, links, pages }: Read =
      kind === 'text' ? { title: url, text: decoded(bytes) } : await this.#inTurn(kind, bytes, url);
    const shown = text.slice(0, MOST_CHARACTERS).toWellFormed();
    if (shown.trim() === '') throw refusedForGood('no_text', 'The page holds no text.');
    const found = kind === 'page' ? (links ?? []).flatMap((link) => pageKey(link) ?? []) : urlsIn(shown);
    const begins = pages === undefined ? {} : { pages: [...pages] };
    return { url, title, text: shown, links: [...found], ...begins, at };
  }

  /** The process takes one file at a time. */
  #inTurn(kind: Exclude<PageKind, 'text'>, bytes: Buffer, url: string) {
    const module = typeof kind === 'object' ? kind.module : (`millrace:${kind}` as const);
    const parsing = this.#parsing.then(async () => {
      try {
        return await this.#children.extract(module, bytes, url);
      } catch (error) {
        if (error instanceof Failure && error.kind !== 'fatal')
          throw refusedForGood(error.code, error.message, error);
        throw error;
      }
    });
    this.#parsing = parsing.catch(() => undefined);
    return parsing;
  }
}
