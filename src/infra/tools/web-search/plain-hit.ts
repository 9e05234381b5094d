import type { SearchHit } from './search-provider.ts';

type Marked = string | null | undefined;

/** A result as a provider gives it, with the texts that it marks up as people read them. */
export function plainHit(url: string, title: Marked, excerpt: Marked): SearchHit {
  return { url, title: withoutMarkup(title), excerpt: withoutMarkup(excerpt) };
}

function withoutMarkup(marked: Marked): string {
  return (marked ?? '')
    .replace(/<\/?\w[^<>]{0,200}>/g, '')
    .replace(/&(?:amp|lt|gt|quot|#x27|#39|nbsp);/g, (entity) => ENTITIES.get(entity) ?? entity)
    .replace(/\s+/g, ' ')
    .trim();
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&#x27;', "'"],
  ['&#39;', "'"],
  ['&nbsp;', ' '],
]);
