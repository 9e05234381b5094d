import { isDeepStrictEqual } from 'node:util';
import type { Db, Document } from 'mongodb';
import type { JournalNote } from '../../../stages/store/journal-repository.ts';
import { Journals } from '../../../stages/store/repositories/journals.ts';
import { Workers } from '../../../stages/store/repositories/workers.ts';
import type { ListedWorker } from '../../../stages/store/worker-repository.ts';
import { COLLECTION_SPECS, type CollectionSpec } from './collection-specs.ts';
import { connect } from './connect.ts';
import { operation } from './operation.ts';
import { ForgottenMarks } from './repositories/forgotten-marks.ts';
import { newerThanOurs } from './store-version.ts';
import { MongoTables } from './table/tables.ts';

export type MongoInspection = Readonly<{
  version: string;
  /** What is lost with this server: no replica set, too old. */
  notices: readonly string[];
  /** Server's clock minus ours, in milliseconds. */
  skewMs: number;
  /** Why it is none for this Millrace: a newer one wrote it. */
  newer: string | undefined;
  /** Whether nothing of Millrace stands there yet. */
  empty: boolean;
  /** Collections, indexes and validators that are not as Millrace makes them. */
  missing: readonly string[];
  /** Journals of workers that have gone silent. */
  journals: readonly JournalNote[];
  workers: readonly ListedWorker[];
  /** What the user may not do to the database; `undefined` where nobody logs in. */
  lackingRights: readonly string[] | undefined;
}>;

const NEEDED_ACTIONS = ['find', 'insert', 'update', 'remove', 'createCollection', 'createIndex'] as const;

/** Looks at a MongoDB and changes nothing. Rejects with a Failure that holds no password. */
export async function inspectMongo(uri: string, namespace: string): Promise<MongoInspection> {
  const notices: string[] = [];
  await using client = await connect(uri, { onNotice: (notice) => notices.push(notice) });
  return await operation('looking at the server', async () => {
    const admin = client.db('admin');
    const asked = Date.now();
    const { localTime } = await admin.command({ hello: 1 });
    const { version } = await admin.command({ buildInfo: 1 });
    const skewMs = localTime instanceof Date ? localTime.getTime() - (asked + Date.now()) / 2 : 0;
    const db = client.db(namespace);
    const lackingRights = await lackingRightsOn(db);
    const newer = await newerThanOurs(db);
    // Nothing is written, so nothing is to be taken back.
    const marks = new ForgottenMarks(db.collection('forgotten'), async () => undefined);
    const tables = new MongoTables(db, marks);
    const journals = await new Journals(tables).waiting();
    const workers = await new Workers(tables).list();
    const gaps = await gapsOf(db);
    return { version: String(version), notices, skewMs, newer, ...gaps, journals, workers, lackingRights };
  });
}

async function gapsOf(db: Db): Promise<Pick<MongoInspection, 'empty' | 'missing'>> {
  const existing = new Map(
    (await db.listCollections({}, { nameOnly: false }).toArray()).map((each): [string, Document] => [
      each.name,
      each,
    ]),
  );
  const looks = Object.entries(COLLECTION_SPECS).map(async ([name, spec]) => {
    const found = existing.get(name);
    if (found === undefined) return [`collection ${name}`];
    return [...validatorGap(name, spec, found), ...(await indexGaps(db, name, spec))];
  });
  const empty = Object.keys(COLLECTION_SPECS).every((name) => !existing.has(name));
  return { empty, missing: (await Promise.all(looks)).flat() };
}

function validatorGap(name: string, { validator }: CollectionSpec, found: Document): string[] {
  const stands: unknown = found['options']?.['validator']?.['$jsonSchema'];
  return isDeepStrictEqual(stands, validator) ? [] : [`validator of ${name}`];
}

async function indexGaps(db: Db, name: string, { indexes }: CollectionSpec): Promise<string[]> {
  const existing = new Map((await db.collection(name).indexes()).map((index) => [index.name, keyOf(index)]));
  return indexes
    .filter((index) => !isDeepStrictEqual(existing.get(index.name), { ...index.key }))
    .map((index) => `index ${index.name} of ${name}`);
}

/** MongoDB names the fields of a text index among its weights, and not in its key. */
function keyOf({ key, weights }: Document): Document {
  if (weights === undefined) return { ...key };
  return Object.fromEntries(Object.keys(weights).map((field) => [field, 'text']));
}

async function lackingRightsOn(db: Db): Promise<readonly string[] | undefined> {
  const { authInfo } = await db.command({ connectionStatus: 1, showPrivileges: true });
  if (authInfo.authenticatedUsers.length === 0) return undefined;
  const privileges: readonly Document[] = authInfo.authenticatedUserPrivileges ?? [];
  const allowed = new Set(
    privileges.flatMap(({ resource, actions }) => {
      const ours =
        resource['db'] === db.databaseName || resource['db'] === '' || resource['anyResource'] === true;
      return ours && (resource['collection'] ?? '') === '' ? actions : [];
    }),
  );
  return NEEDED_ACTIONS.filter((action) => !allowed.has(action) && !allowed.has('anyAction'));
}
