import { refusedForGood } from '../refused-for-good.ts';

const USUAL_PORTS: ReadonlySet<string> = new Set(['', '80', '443']);
const MOST_CHARACTERS = 2_000;

/**
 * A URL that may be asked for: http or https on its usual ports, or at a place that is let through, without a log-in. Its fragment is
 * dropped, which no server sees. Throws a Failure of kind `content` (`bad_url`) that says what is wrong.
 */
export function pageUrl(text: string, isLetThrough: (place: string) => boolean): URL {
  const url = URL.parse(text);
  if (url === null || text.length > MOST_CHARACTERS)
    throw refusedForGood('bad_url', `Expected a URL such as https://example.org/page, got ${shown(text)}.`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw refusedForGood('bad_url', `Only http and https are opened, not ${url.protocol}`);
  if (url.username !== '' || url.password !== '')
    throw refusedForGood('bad_url', 'A URL with a log-in is not opened.');
  if (!USUAL_PORTS.has(url.port) && !isLetThrough(hostAndPort(url)))
    throw refusedForGood('bad_url', `Only the ports 80 and 443 are opened, not ${url.port}.`);
  url.hash = '';
  return url;
}

/** Host and port of a URL: `example.org:443`. */
export function hostAndPort({
  hostname,
  port,
  protocol,
}: Pick<URL, 'hostname' | 'port' | 'protocol'>): string {
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 100).toWellFormed());
}
