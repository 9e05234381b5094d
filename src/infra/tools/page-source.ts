/** Under which name a page is forgotten: `page:example.org/path?query`. */
export function pageSource(url: string): string {
  const { host, pathname, search } = new URL(url);
  return `page:${host}${pathname}${search}`;
}
