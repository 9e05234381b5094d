import { Readability } from '@mozilla/readability';
import { parseHTML } from 'linkedom/worker';
import type { ExtractedText } from '../text/block.ts';
import { addHtml, htmlText } from './html.ts';
import { TextBuilder } from './text-builder.ts';

/** Where the article has less text, it is taken for none. */
const LEAST_ARTICLE_CHARACTERS = 200;
const MOST_LINKS = 60;
const MOST_ELEMENTS = 50_000;

/**
 * The text of a page of the web: that of its article, where one is found, else all of it; and where it leads.
 * @param address of the page.
 */
export function pageFile(bytes: Uint8Array, address: string): ExtractedText {
  const html = htmlText(bytes);
  const whole = new TextBuilder();
  // A tree of what is nested without end takes minutes: the depth is counted here, before one is made.
  const title = addHtml(whole, html, address);
  const document = documentOf(html);
  const base = baseOf(document.querySelector('base')?.getAttribute('href'), address);
  const article = articleIn(document);
  if (article === undefined)
    return { ...whole.built(address, title), links: linksIn(documentOf(html), base) };
  const builder = new TextBuilder();
  addHtml(builder, article.content, address);
  const links = linksIn(documentOf(`<html><body>${article.content}</body></html>`), base);
  return { ...builder.built(address, article.title || title), links };
}

/** What is used of the DOM. */
type Element = Readonly<{ getAttribute(name: string): string | null }>;
type Document = Readonly<{
  querySelector(selector: string): Element | null;
  querySelectorAll(selector: string): Iterable<Element>;
}>;

function documentOf(html: string): Document {
  return parseHTML(html).document;
}

function articleIn(document: Document): Readonly<{ title: string; content: string }> | undefined {
  try {
    const article = new Readability(document, { maxElemsToParse: MOST_ELEMENTS }).parse();
    const text = article?.textContent?.trim() ?? '';
    if (text.length < LEAST_ARTICLE_CHARACTERS) return undefined;
    return { title: article?.title ?? '', content: article?.content ?? '' };
  } catch {
    // It gives up on pages that are too large, and stumbles over some that are odd: their whole text is good enough.
    return undefined;
  }
}

function baseOf(base: string | null | undefined, address: string): string {
  return (typeof base === 'string' ? URL.parse(base, address)?.href : undefined) ?? address;
}

function linksIn(document: Document, base: string): readonly string[] {
  const links = new Set<string>();
  for (const anchor of document.querySelectorAll('a[href]')) {
    const url = URL.parse(anchor.getAttribute('href') ?? '', base);
    if (url === null || !/^https?:$/.test(url.protocol)) continue;
    url.hash = '';
    if (links.size < MOST_LINKS) links.add(url.href);
  }
  return [...links];
}
