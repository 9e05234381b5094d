import { COLLECTION_SPECS } from '../../src/infra/engines/mongo/collection-specs.ts';
import { STORE_VERSION } from '../../src/infra/engines/mongo/store-version.ts';
import { asJson, type Golden, oneFile } from './golden.ts';

/** Collections of a MongoDB database, with their indexes and validators, and the version of what stands in them. */
export const mongoSpecs: Golden = {
  name: 'mongo-specs',
  make: async () =>
    oneFile('collections.json', asJson({ storeVersion: STORE_VERSION, collections: COLLECTION_SPECS })),
};
