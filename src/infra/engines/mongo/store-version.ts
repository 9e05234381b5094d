import type { Db } from 'mongodb';
import { z } from 'zod';
import { Failure } from '../../../streams/failure.ts';
import { packageFacts } from '../../package-facts.ts';

/** Of what stands in the database. Raised whenever an older Millrace could not read, or would damage, what is written. */
export const STORE_VERSION = 1;

const COLLECTION = 'store';
const ID = 'version';

type VersionDocument = { _id: string; version: number; by: string };
const versionSchema = z.object({ version: z.number(), by: z.string() });

/**
 * Refuses a database that a newer Millrace wrote, before anything in it is changed. Throws a Failure of kind `fatal`
 * (`newer_data`).
 */
export async function refuseNewer(db: Db): Promise<void> {
  const newer = await newerThanOurs(db);
  if (newer !== undefined) throw new Failure('fatal', 'newer_data', newer);
}

/** Why the database is none for this Millrace; `undefined` where it is one. */
export async function newerThanOurs(db: Db): Promise<string | undefined> {
  const { data } = versionSchema.safeParse(await versions(db).findOne({ _id: ID }));
  if (data === undefined || data.version <= STORE_VERSION) return undefined;
  return `The database ${db.databaseName} was written by Millrace ${data.by} (store version ${data.version}), and this is ${packageFacts().version} (up to ${STORE_VERSION}): update Millrace.`;
}

/** Writes down that the database is of this version, or leaves a newer one. */
export async function writeVersion(db: Db): Promise<void> {
  const isOlder = { $lt: [{ $ifNull: ['$version', 0] }, STORE_VERSION] };
  const by = { $cond: [isOlder, packageFacts().version, '$by'] };
  const version = { $max: ['$version', STORE_VERSION] };
  await versions(db).updateOne({ _id: ID }, [{ $set: { by, version } }], { upsert: true });
}

const versions = (db: Db) => db.collection<VersionDocument>(COLLECTION);
