import { type Db, MongoServerError } from 'mongodb';
import { expect, it } from 'vitest';
import { COLLECTION_SPECS } from '../../../../src/infra/engines/mongo/collection-specs.ts';
import { prepareCollections } from '../../../../src/infra/engines/mongo/prepare-collections.ts';

/** A server without collections, which refuses one as `refusal` says. */
function serverThat(refusal: (options: object) => MongoServerError | undefined) {
  const made: object[] = [];
  const db = {
    listCollections: () => ({ toArray: async () => [] }),
    collection: () => ({ createIndexes: async () => [], indexes: async () => [] }),
    createCollection: async (_: string, options: object) => {
      const refused = refusal(options);
      if (refused !== undefined) throw refused;
      made.push(options);
    },
  };
  return { made, db: db as unknown as Db };
}

const refusal = (code: number) => new MongoServerError({ message: 'no', code });
const count = Object.keys(COLLECTION_SPECS).length;

it('collections are packed by zstd, and made without it where the server knows no such option', async () => {
  const able = serverThat(() => undefined);
  await prepareCollections(able.db);
  expect(able.made.filter((options) => 'storageEngine' in options)).toHaveLength(count);
  const other = serverThat((options) => ('storageEngine' in options ? refusal(72) : undefined));
  await prepareCollections(other.db);
  expect(other.made).toHaveLength(count);
});

it('collections that another process makes at the same moment are left to it', async () => {
  await expect(prepareCollections(serverThat(() => refusal(48)).db)).resolves.toBeUndefined();
});

it('what a server refuses with and without compression is told', async () => {
  await expect(prepareCollections(serverThat(() => refusal(13)).db)).rejects.toMatchObject({ code: 13 });
});
