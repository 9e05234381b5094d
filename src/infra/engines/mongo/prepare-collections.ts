import { isDeepStrictEqual } from 'node:util';
import { type Collection, type Db, type Document, type IndexDescription, MongoServerError } from 'mongodb';
import { COLLECTION_SPECS, type CollectionSpec } from './collection-specs.ts';

const NAMESPACE_EXISTS = 48;
/** Texts in plain JSON: zstd leaves two thirds of what snappy, the default, leaves of them. */
const COMPRESSED = { storageEngine: { wiredTiger: { configString: 'block_compressor=zstd' } } };
const NO_SUCH_INDEX = 27;
/** `IndexKeySpecsConflict`: the name stands with another key. */
const OTHER_KEY = 86;

/**
 * Makes collections, validators and indexes that are missing, and leaves the others alone: a start under load locks
 * nothing, and only the first needs the right to change a validator. Many processes may do it at once.
 */
export async function prepareCollections(db: Db): Promise<void> {
  const existing = await db.listCollections({}, { nameOnly: false }).toArray();
  const validators = new Map<string, unknown>(
    existing.map(({ name, options }) => [name, options?.['validator']?.['$jsonSchema']]),
  );
  for (const [name, spec] of Object.entries(COLLECTION_SPECS)) {
    if (!validators.has(name)) await create(db, name, spec);
    else if (!isDeepStrictEqual(validators.get(name), spec.validator)) await validate(db, name, spec);
    if (spec.indexes.length > 0) await index(db.collection(name), spec.indexes);
    if (spec.givenUp !== undefined) await giveUp(db.collection(name), spec.givenUp);
  }
}

/** An index that an older version made under one of our names, with another key, gives way. */
async function index(collection: Collection, wanted: readonly IndexDescription[]): Promise<void> {
  try {
    await collection.createIndexes([...wanted]);
  } catch (error) {
    if (!(error instanceof MongoServerError && error.code === OTHER_KEY)) throw error;
    const existing = new Map((await collection.indexes()).map(({ name, key }) => [name, key]));
    const others = wanted.filter(
      ({ name, key }) => existing.has(name) && !isDeepStrictEqual({ ...existing.get(name) }, { ...key }),
    );
    for (const { name = '' } of others) await drop(collection, name);
    await collection.createIndexes([...wanted]);
  }
}

async function giveUp(collection: Collection, name: string): Promise<void> {
  const existing = await collection.indexes();
  if (existing.some((each) => each.name === name)) await drop(collection, name);
}

async function drop(collection: Collection, name: string): Promise<void> {
  try {
    await collection.dropIndex(name);
  } catch (error) {
    // Another process was faster.
    if (!(error instanceof MongoServerError && error.code === NO_SUCH_INDEX)) throw error;
  }
}

async function create(db: Db, name: string, spec: CollectionSpec): Promise<void> {
  try {
    await db.createCollection(name, { ...COMPRESSED, ...validation(spec) });
  } catch (error) {
    if (exists(error)) return;
    // A server with another storage engine, or none of its own, knows no such option.
    if (!(error instanceof MongoServerError)) throw error;
    await db.createCollection(name, validation(spec)).catch((again: unknown) => {
      if (!exists(again)) throw again;
    });
  }
}

function exists(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === NAMESPACE_EXISTS;
}

async function validate(db: Db, name: string, spec: CollectionSpec): Promise<void> {
  await db.command({ collMod: name, validator: {}, ...validation(spec) });
}

function validation({ validator }: CollectionSpec): Document {
  if (validator === undefined) return {};
  return { validator: { $jsonSchema: validator }, validationLevel: 'strict', validationAction: 'error' };
}
