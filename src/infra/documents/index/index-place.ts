import { join } from 'node:path';

/** Where documents are indexed: in the MongoDB that is named, else beside the embedded store. */
export type IndexPlace = Readonly<{
  data: string;
  namespace: string;
  mongo?: string | undefined;
  /** That of a plugin, which documents are searched in. */
  index?: string | undefined;
  /** A model whose vectors ours searches by. */
  embeddings?: unknown;
}>;

/**
 * Where the documents of a namespace are indexed: a file of its own, so that indexing never holds up a run. A simulated run shares it.
 */
export function indexPath({ data, namespace }: Pick<IndexPlace, 'data' | 'namespace'>): string {
  return join(data, `${namespace}.sources.db`);
}
