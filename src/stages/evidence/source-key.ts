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
