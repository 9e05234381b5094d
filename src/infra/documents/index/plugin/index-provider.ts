import type { Wanted } from '../../../../stages/evidence/finder.ts';
import type { Chunk } from '../../text/chunks.ts';
import type { Soon } from '../../vectors/vector-index.ts';

/** A document as an index of one's own is given it, and gives it back. Source and path name it. */
export type IndexedDocument = Readonly<{
  source: string;
  path: string;
  title: string;
  license: string;
  /** When it was read. */
  at: string;
}>;

/** A chunk and the document that it stands in. */
export type IndexHit = Readonly<{ document: IndexedDocument; chunk: Chunk }>;

/** An index of one's own, at work. It may throw any error: what it was asked is asked again for a minute. */
export type BroughtIndex = Readonly<{
  /** Puts each document in the place of what there was of it. Safe to repeat. */
  put(documents: readonly Readonly<{ document: IndexedDocument; chunks: readonly Chunk[] }>[]): Soon<void>;
  /** Takes a document out, or all of the source where no path is given. Safe to repeat. */
  remove(source: string, path?: string): Soon<void>;
  /** The best first, as they were put; of these sources alone where some are named. */
  search(wanted: Wanted): Soon<readonly IndexHit[]>;
  close?(): Soon<void>;
}>;

/** Who opens an index that documents are searched in, in place of ours. Chosen by the setting `index`. */
export type IndexProvider = Readonly<{
  name: string;
  /** Another version is given every document again. */
  version: string;
  /**
   * Those who add documents and each process that searches open it on their own, side by side.
   * @param context.data directory of this process's own files.
   * @param context.namespace name of the data: what is in one namespace is in no other.
   */
  open(context: Readonly<{ data: string; namespace: string }>): Soon<BroughtIndex>;
}>;

/** An index, for `indexes` of a plugin. Nothing happens until it is registered, and named by the setting `index`. */
export function defineIndex(provider: IndexProvider): IndexProvider {
  return provider;
}
