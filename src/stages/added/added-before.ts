import type { Additions } from '../example.ts';
import { rowsAfter } from '../table.ts';

/** What stages before the one of that name added: what was said of a candidate is not said of the next one. */
export function addedBefore(stage: string, added: Additions | undefined): Additions | undefined {
  if (added === undefined) return undefined;
  const later = new Set(rowsAfter(stage).map(({ name }) => String(name)));
  return Object.fromEntries(Object.entries(added).filter(([name]) => !later.has(name)));
}
