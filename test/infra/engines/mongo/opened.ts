import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { onTestFinished } from 'vitest';
import {
  type MongoStore,
  type MongoStoreOptions,
  openMongoStore,
} from '../../../../src/infra/engines/mongo/store.ts';

export type OpenedStore = Readonly<{
  store: MongoStore;
  namespace: string;
  reopen(): Promise<MongoStore>;
  /** Deletes the database as well. */
  close(): Promise<void>;
}>;

/** A store in a database of its own, and the same opened again. */
export async function openedStore(
  uri: string,
  options: Partial<MongoStoreOptions> = {},
): Promise<OpenedStore> {
  const { namespace = `test-${randomUUID()}` } = options;
  const open = () => openMongoStore({ uri, ...options, namespace });
  let store = await open();
  return {
    store,
    namespace,
    reopen: async () => {
      await store.close();
      store = await open();
      return store;
    },
    close: async () => {
      await store.close();
      await dropDatabase(uri, namespace);
    },
  };
}

/**
 * Stores in databases that are emptied and given to the next test: making one costs `mongod` more than most tests do. All
 * are deleted by `end`.
 */
export function openedInTurn(uri: string, options: Partial<MongoStoreOptions> = {}) {
  const left: string[] = [];
  return {
    open: async (): Promise<OpenedStore> => {
      const namespaceOfTurn = left.pop() ?? `test-${randomUUID()}`;
      const opened = await openedStore(uri, { ...options, namespace: namespaceOfTurn });
      const { store, namespace, reopen } = opened;
      let last = store;
      return {
        ...{ store, namespace },
        reopen: async () => {
          last = await reopen();
          return last;
        },
        close: async () => {
          await last.close();
          await emptied(uri, namespace);
          left.push(namespace);
        },
      };
    },
    end: async () => {
      for (const namespace of left) await dropDatabase(uri, namespace);
    },
  };
}

async function emptied(uri: string, namespace: string): Promise<void> {
  const client = new MongoClient(uri);
  const collections = await client.db(namespace).collections();
  await Promise.all(collections.map((each) => each.deleteMany({})));
  await client.close();
}

/** A server that was stopped or killed for good keeps what it has. */
async function dropDatabase(uri: string, namespace: string): Promise<void> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 2_000, socketTimeoutMS: 5_000 });
  await client
    .db(namespace)
    .dropDatabase()
    .catch(() => undefined);
  await client.close();
}

/** The same, which ends with the test. Its database is deleted by way of `address`. */
export async function openForTest(
  address: string,
  options: Partial<MongoStoreOptions> = {},
): Promise<OpenedStore> {
  const opened = await openedStore(address, options);
  onTestFinished(() => opened.close());
  return opened;
}
