import { existsSync } from 'node:fs';
import type { SearchedByVectors } from '../vectors/vector-index.ts';
import type { Finder, Indexed, SourceTally, WritableIndex } from './document-index.ts';
import { holdsChunks, indexed, sourceNames, vectorsOfFile } from './index-file.ts';
import { type IndexPlace, indexPath } from './index-place.ts';
import { mirroredToPlugin, searchedByPlugin } from './plugin/with-plugin-index.ts';
import { SearchThread } from './search-thread.ts';
import { SourceIndex } from './source-index.ts';

/** Opens the index to write, and makes it where there is none. Rejects with Failures. */
export async function openIndexOf(place: IndexPlace): Promise<WritableIndex> {
  const ours = await ownIndexOf(place);
  return place.index === undefined ? ours : mirroredToPlugin(ours, { ...place, index: place.index });
}

async function ownIndexOf({ data, namespace, mongo }: IndexPlace): Promise<WritableIndex> {
  if (mongo === undefined) return new SourceIndex(indexPath({ data, namespace }), data);
  const { openMongoIndex } = await onMongo();
  return openMongoIndex(mongo, namespace);
}

/** Connects with the first search. Nothing is found where there is no index. */
export async function finderOf(place: IndexPlace): Promise<Finder> {
  const ours = await ownFinderOf(place);
  return place.index === undefined ? ours : searchedByPlugin(ours, { ...place, index: place.index });
}

async function ownFinderOf({ data, namespace, mongo }: IndexPlace): Promise<Finder> {
  if (mongo === undefined) return new SearchThread(indexPath({ data, namespace }));
  const { MongoFinder } = await import('../../engines/mongo/sources/finder.ts');
  return new MongoFinder(mongo, namespace);
}

/** How much is indexed there. Rejects with Failures. */
export async function indexedIn({ data, namespace, mongo }: IndexPlace): Promise<Indexed> {
  if (mongo === undefined) return indexed(indexPath({ data, namespace }));
  return (await onMongo()).looking(mongo, namespace, (index) => index.size());
}

/** What there is of each source, by name; nothing where there is no index. Rejects with Failures. */
export async function talliesIn(place: IndexPlace): Promise<readonly SourceTally[]> {
  if (place.mongo !== undefined)
    return (await onMongo()).looking(place.mongo, place.namespace, (index) => index.sources());
  const path = indexPath(place);
  if (!existsSync(path)) return [];
  const index = new SourceIndex(path, place.data);
  try {
    return index.sources();
  } finally {
    index.close();
  }
}

/** How documents are searched by vectors there. Rejects with Failures. */
export async function vectorsIn(place: IndexPlace): Promise<SearchedByVectors> {
  if (place.mongo !== undefined) return (await onMongo()).vectorsOnMongo(place.mongo, place.namespace);
  return { ...vectorsOfFile(indexPath(place)), searched: 'by-looking-at-all' };
}

/** Whether anything is indexed there. Rejects with Failures. */
export async function isIndexed(place: IndexPlace): Promise<boolean> {
  if (place.mongo === undefined) return holdsChunks(indexPath(place));
  return (await onMongo()).looking(place.mongo, place.namespace, (index) => index.holdsChunks());
}

/** The names of the sources there, in order. Rejects with Failures. */
export async function sourcesIn(place: IndexPlace): Promise<readonly string[]> {
  if (place.mongo === undefined) return sourceNames(indexPath(place));
  return (await talliesIn(place)).map(({ name }) => name);
}

// The client is large: who works on one machine need not load it.
function onMongo() {
  return import('../../engines/mongo/sources/open.ts');
}
