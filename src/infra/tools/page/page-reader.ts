import { z } from 'zod';
import { pageKey, urlsIn } from '../../../stages/tools/page-urls.ts';
import { Failure } from '../../../streams/failure.ts';
import { ExtractorChildren } from '../../documents/extract/extractor-children.ts';
import { decoded } from '../../documents/text/decode.ts';
import { unfetchable } from '../fetch/fetch-failures.ts';
import { HostTurns } from '../fetch/host-turns.ts';
import { Robots } from '../fetch/robots.ts';
import type { Fetched, SafeFetch } from '../fetch/safe-fetch.ts';
import { mayBe, type PageKind, pageKind } from './page-kind.ts';
import { assertHost, type PageRules } from './page-settings.ts';

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

const MIB = 1_024 * 1_024;
const MOST_CHARACTERS = 200_000;
const MOST_PARSING_MS = 20_000;

/** Reads pages: fetched by the safe way, one at a time of each host, and parsed in a process of its own. To be closed. */
export class PageReader {
  readonly #fetch: SafeFetch;
  readonly #rules: PageRules;
  readonly #robots: Robots;
  readonly #turns: HostTurns;
  readonly #children = new ExtractorChildren({ mostMs: MOST_PARSING_MS });
  #parsing: Promise<unknown> = Promise.resolve();

  constructor(fetch: SafeFetch, rules: PageRules, turns = new HostTurns()) {
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
        mostBytes: (type) => (mayBe(type) === 'page' ? this.#rules.maxMiB : this.#mostMiB(type)) * MIB,
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
    return mayBe(type) === 'text' ? maxMiB : Math.max(maxMiB, pdfMaxMiB);
  }

  async #parsed({ url, type, bytes }: Fetched): Promise<ReadPage> {
    const kind = pageKind(type, bytes);
    const at = new Date().toISOString();
    if (kind === 'text') {
      const text = decoded(bytes).slice(0, MOST_CHARACTERS).toWellFormed();
      if (text.trim() === '') throw unfetchable('no_text', 'The page holds no text.');
      return { url, title: url, text, links: [...urlsIn(text)], at };
    }
    const { title, text, links = [], pages } = await this.#inTurn(kind, bytes, url);
    if (text.trim() === '') throw unfetchable('no_text', 'The page holds no text.');
    const kept = text.slice(0, MOST_CHARACTERS).toWellFormed();
    const found = kind !== 'page' ? urlsIn(kept) : links.flatMap((link) => pageKey(link) ?? []);
    return {
      url,
      title,
      text: kept,
      links: [...found],
      ...(pages === undefined ? {} : { pages: [...pages] }),
      at,
    };
  }

  /** The process takes one file at a time. */
  #inTurn(kind: Exclude<PageKind, 'text'>, bytes: Buffer, url: string) {
    const module = typeof kind === 'object' ? kind.module : (`millrace:${kind}` as const);
    const parsing = this.#parsing.then(async () => {
      try {
        return await this.#children.extract(module, bytes, url);
      } catch (error) {
        if (error instanceof Failure && error.kind !== 'fatal')
          throw unfetchable(error.code, error.message, error);
        throw error;
      }
    });
    this.#parsing = parsing.catch(() => undefined);
    return parsing;
  }
}
