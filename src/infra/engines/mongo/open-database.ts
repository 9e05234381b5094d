import type { Db, MongoClient } from 'mongodb';
import { openAll } from '../../../streams/closing.ts';
import { type ConnectOptions, connect } from './connect.ts';
import { operation } from './operation.ts';
import { prepareCollections } from './prepare-collections.ts';
import { indexOldChunks } from './sources/old-chunks.ts';
import { refuseNewer, writeVersion } from './store-version.ts';

/**
 * Connects, makes what the database lacks, and brings what an older Millrace left in it up to date. The client is to be closed. Rejects
 * with a Failure; of a newer Millrace's (`newer_data`) before anything is changed.
 */
export async function openDatabase(
  uri: string,
  namespace: string,
  options: ConnectOptions = {},
): Promise<Readonly<{ client: MongoClient; db: Db }>> {
  return openAll(async (opened) => {
    const client = opened.use(await connect(uri, options));
    const db = client.db(namespace);
    await operation('looking at the version', () => refuseNewer(db), 'start');
    await operation('preparing the collections', () => prepareCollections(db), 'start');
    await operation('indexing the words of old chunks', () => indexOldChunks(db), 'start');
    await operation('writing down the version', () => writeVersion(db), 'start');
    return { client, db };
  });
}
