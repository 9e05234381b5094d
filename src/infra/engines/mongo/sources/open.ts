import type { SearchedByVectors } from '../../../documents/vectors/vector-index.ts';
import { connect } from '../connect.ts';
import { openDatabase } from '../open-database.ts';
import { MongoSourceIndex } from './source-index.ts';

/** Opens the index to write, and makes the collections that are missing. Rejects with a Failure. */
export async function openMongoIndex(uri: string, namespace: string): Promise<MongoSourceIndex> {
  const { client, db } = await openDatabase(uri, namespace);
  return new MongoSourceIndex(db, () => client.close());
}

/** How documents are searched by vectors there; makes nothing. Rejects with a Failure. */
export async function vectorsOnMongo(uri: string, namespace: string): Promise<SearchedByVectors> {
  return looking(uri, namespace, async (index) => {
    const [[answering], { chunks }, offered] = await Promise.all([
      index.vectors.spaces(),
      index.size(),
      index.vectors.isSearched(),
    ]);
    const lacking = answering === undefined ? chunks : (await index.vectors.lacking(answering)).chunks;
    return { answering, chunks, lacking, searched: offered ? 'by-an-index' : 'among-those-by-words' };
  });
}

/** What somebody who only looks finds there; makes nothing. Rejects with a Failure. */
export async function looking<T>(
  uri: string,
  namespace: string,
  look: (index: MongoSourceIndex) => Promise<T>,
): Promise<T> {
  await using client = await connect(uri);
  return await look(new MongoSourceIndex(client.db(namespace), async () => undefined));
}
