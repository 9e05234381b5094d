import { Failure } from '../../streams/failure.ts';

/**
 * Names what is forgotten together: `documents:NAME` or `documents:NAME/path`, `page:host` or `page:host/path`, `tool:SERVER`. The
 * source of a piece is such a key as well, in full.
 */
export type SourceKey = string;

/** Whether the key names that source, or what it is a part of. */
export function covers(key: SourceKey, source: string): boolean {
  if (source === key) return true;
  if (!source.startsWith(key)) return false;
  const next = source.charAt(key.length);
  return key.startsWith('tool:') ? next === '.' : next === '/' || next === '?';
}

export function documentSource(name: string, path: string): SourceKey {
  return `documents:${name}/${path}`;
}

/** With its query: `page:example.org/path?query`. */
export function pageSource(url: string): SourceKey {
  const { host, pathname, search } = new URL(url);
  return `page:${host}${pathname}${search}`;
}

const WHOLE_KEY = /^(?:documents|page|tool):./;
const HOST = /^[^/\s]+\.[^/\s]+|^localhost/;

/**
 * What a person may mean by `NAME`, `NAME/PATH`, `HOST`, `HOST/PATH` or `mcp:SERVER`, the likeliest first. Throws a Failure
 * (`bad_source`) for what can be none of these.
 */
export function keysMeant(text: string): readonly [SourceKey, ...SourceKey[]] {
  const plain = text
    .trim()
    .replace(/^https?:\/\//, '')
    .replace(/\/+$/, '');
  if (plain.startsWith('mcp:') && plain.length > 4) return [`tool:${plain.slice(4)}`];
  if (WHOLE_KEY.test(plain)) return [plain];
  if (plain === '' || /^[/.:]/.test(plain)) throw badKey(text);
  const page = `page:${plain}`;
  return HOST.test(plain) ? [`documents:${plain}`, page] : [`documents:${plain}`];
}

function badKey(text: string): Failure {
  const message = `Expected a source such as manuals, manuals/oil.md, example.org/page or mcp:wiki; got ${JSON.stringify(text)}.`;
  return new Failure('fatal', 'bad_source', message);
}
