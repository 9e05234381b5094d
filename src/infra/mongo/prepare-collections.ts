import { isDeepStrictEqual } from 'node:util';
import { type Db, type Document, MongoServerError } from 'mongodb';
import { COLLECTION_SPECS, type CollectionSpec } from './collection-specs.ts';

const NAMESPACE_EXISTS = 48;
/** Texts in plain JSON: zstd leaves two thirds of what snappy, the default, leaves of them. */
const COMPRESSED = { storageEngine: { wiredTiger: { configString: 'block_compressor=zstd' } } };

/**
 * Makes collections, validators and indexes that are missing, and leaves the others alone: a start under load locks
 * nothing, and only the first needs the right to change a validator. Many processes may do it at once.
 */
export async function prepareCollections(db: Db): Promise<void> {
  const standing = await db.listCollections({}, { nameOnly: false }).toArray();
  const validators = new Map<string, unknown>(
    standing.map(({ name, options }) => [name, options?.['validator']?.['$jsonSchema']]),
  );
  for (const [name, spec] of Object.entries(COLLECTION_SPECS)) {
    if (!validators.has(name)) await create(db, name, spec);
    else if (!isDeepStrictEqual(validators.get(name), spec.validator)) await validate(db, name, spec);
    if (spec.indexes.length > 0) await db.collection(name).createIndexes([...spec.indexes]);
  }
}

async function create(db: Db, name: string, spec: CollectionSpec): Promise<void> {
  try {
    await db.createCollection(name, { ...COMPRESSED, ...validation(spec) });
  } catch (error) {
    if (isStanding(error)) return;
    // A server with another storage engine, or none of its own, knows no such option.
    if (!(error instanceof MongoServerError)) throw error;
    await db.createCollection(name, validation(spec)).catch((again: unknown) => {
      if (!isStanding(again)) throw again;
    });
  }
}

function isStanding(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === NAMESPACE_EXISTS;
}

async function validate(db: Db, name: string, spec: CollectionSpec): Promise<void> {
  await db.command({ collMod: name, validator: {}, ...validation(spec) });
}

function validation({ validator }: CollectionSpec): Document {
  if (validator === undefined) return {};
  return { validator: { $jsonSchema: validator }, validationLevel: 'strict', validationAction: 'error' };
}
