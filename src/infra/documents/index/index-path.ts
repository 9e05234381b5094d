import { join } from 'node:path';

/**
 * Where the documents of a namespace are indexed: a file of its own, so that indexing never holds up a run. A simulated run shares it.
 */
export function indexPath({ data, namespace }: Readonly<{ data: string; namespace: string }>): string {
  return join(data, `${namespace}.sources.db`);
}
