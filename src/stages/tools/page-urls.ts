const URL_IN_TEXT = /\bhttps?:\/\/[^\s<>"'`\\^{}|]{3,1000}/gi;
const TRAILING = /[.,;:!?)\]*_]+$/;
const MOST = 60;

/** URLs that are the same page have the same key; `undefined` for what is no URL of a page. */
export function pageKey(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  url.hash = '';
  return url.href;
}

/** The URLs of pages that stand in a text, each once, as they are compared. */
export function urlsIn(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [url] of text.matchAll(URL_IN_TEXT)) {
    const key = pageKey(url.replace(TRAILING, ''));
    if (key !== undefined && found.size < MOST) found.add(key);
  }
  return found;
}
