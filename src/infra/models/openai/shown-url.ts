import { VENDOR_KEY } from '../../secret-patterns.ts';

/** What people write who forget the scheme. Keys and passwords have no such form. */
const PLAIN_HOST =
  /^(?:localhost|[a-z0-9-]{1,20}(?:\.[a-z0-9-]{1,20}){1,5})(?::\d{1,5})?(?:\/v\d{1,2})?\/?$/i;

/**
 * A URL for people and for names: without log-in, query, fragment and trailing slash, and without what looks like a key in
 * its path. `undefined` for a text that is neither a URL with a host nor a plain host: no part of it is known to be harmless.
 */
export function shownUrl(text: string): string | undefined {
  const url = URL.parse(text);
  if (PLAIN_HOST.test(text)) return text;
  if (url === null || url.host === '') return undefined;
  return `${url.protocol}//${url.host}${url.pathname}`.replace(/\/+$/, '').replace(VENDOR_KEY, '[key]');
}

/** The same of one that is refused, where a sign that belongs to a password may have been taken for the end of the host. */
export function shownRefusedUrl(text: string): string | undefined {
  const afterScheme = text.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '');
  return /[/?#][\s\S]*@/.test(afterScheme) ? undefined : shownUrl(text);
}
