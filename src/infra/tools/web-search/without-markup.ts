/** A text that a provider marks up, as people read it. */
export function withoutMarkup(marked: string | null | undefined): string {
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
