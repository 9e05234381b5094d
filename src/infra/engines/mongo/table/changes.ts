import type { AnyBulkWriteOperation, Collection, Document } from 'mongodb';
import type { Change, Table } from '../../../../stages/store/table/table.ts';
import { refuseTooLarge } from '../bounded-json.ts';
import { insertNew } from '../insert-new.ts';
import { filterOf, momentOf, pathNamed } from './filter.ts';
import { type DocumentPath, pathsOf } from './paths.ts';

export type Stored = Document & { _id: string };
/** A collection that repositories write. */
export type RowCollection = Collection<Stored>;
type Operation = AnyBulkWriteOperation<Stored>;

/**
 * Makes changes of one kind to one collection, and answers how many documents were inserted, deleted or met. Rejects with the
 * driver's errors, and with a Failure of kind `poison` for what is larger than a document may be.
 */
export async function changeAll(target: RowCollection, changes: readonly Change[]): Promise<number> {
  const inserting = changes.filter(isInserting);
  const known = await insertNew(target, inserting.map(documentOf));
  const others = [
    ...inserting.filter((_, index) => known.has(index)),
    ...changes.filter((change) => !isInserting(change)),
  ];
  const count = inserting.length - known.size;
  const operations = others.flatMap(operationsOf);
  if (operations.length === 0) return count;
  const done = await target.bulkWrite(operations, { ordered: false });
  return count + done.matchedCount + done.upsertedCount + done.deletedCount;
}

type Inserting = Extract<Change, { kind: 'insert' | 'put' }>;

/** What is put over anything needs no look at what stands. */
function isInserting(change: Change): change is Inserting {
  return change.kind === 'insert' || (change.kind === 'put' && isGuarded(change.over));
}

const isGuarded = (over: object): boolean => Object.keys(over).length > 0;

/** Of an insert, nothing is left to be done where its id stands. */
function operationsOf(change: Change): Operation[] {
  switch (change.kind) {
    case 'insert':
      return [];
    case 'put': {
      const { _id, ...rest } = documentOf(change);
      if (!isGuarded(change.over)) return [replacement(_id, rest)];
      const filter = { ...filterOf(change.table, change.over), _id };
      return [{ updateOne: { filter, update: { $set: rest } } }];
    }
    case 'update': {
      const update = updateOf(change.table, change.set);
      return [{ updateMany: { filter: filterOf(change.table, change.where), update } }];
    }
    case 'remove':
      return [{ deleteMany: { filter: filterOf(change.table, change.where) } }];
    default:
      return change satisfies never;
  }
}

/** A pipeline where the server's clock is asked. */
function replacement(_id: string, rest: Document): Operation {
  const moments = Object.entries(rest).flatMap(([name, value]) => {
    const moment = momentOf(value);
    return moment === undefined ? [] : [[name, moment]];
  });
  if (moments.length === 0) return { replaceOne: { filter: { _id }, replacement: rest, upsert: true } };
  const literals = Object.entries(rest).map(([name, value]) => [name, { $literal: value }]);
  const document = { _id: { $literal: _id }, ...Object.fromEntries([...literals, ...moments]) };
  return { updateOne: { filter: { _id }, update: [{ $replaceWith: document }], upsert: true } };
}

function documentOf({ table, row }: Inserting): Stored {
  const document: Stored = { _id: row['id'] as string };
  for (const [field, { path, encode, isWritten }] of pathsOf(table)) {
    if (!isWritten) continue;
    const [name = '', within] = path.split('.');
    const value = encode(row[field]);
    document[name] = within === undefined ? value : { ...document[name], [within]: value };
  }
  refuseTooLarge(Object.values(document));
  return document;
}

/** A pipeline where the server's clock is asked; what a stranger wrote is no expression in it. */
function updateOf(table: Table, set: Readonly<Record<string, unknown>>): Document {
  const paths = pathsOf(table);
  const assigned = Object.entries(set)
    .map(([field, value]) => ({ ...pathNamed(paths, field), value }))
    .filter((each) => each.isWritten && each.value !== undefined);
  if (assigned.some(isMoment)) return [{ $set: named(assigned, expressionOf) }];
  const added = assigned.filter(isAdded);
  const plain = assigned.filter((each) => !isAdded(each));
  return {
    ...(plain.length === 0 ? {} : { $set: named(plain, ({ encode, value }) => encode(value)) }),
    ...(added.length === 0 ? {} : { $inc: named(added, ({ value }) => addition(value)) }),
  };
}

type Assigned = DocumentPath & Readonly<{ value: unknown }>;

const named = (assigned: readonly Assigned[], say: (each: Assigned) => unknown): Document =>
  Object.fromEntries(assigned.map((each) => [each.path, say(each)]));
const isMoment = ({ kind, value }: Assigned): boolean => kind === 'time' && momentOf(value) !== undefined;
const isAdded = ({ kind, value }: Assigned): boolean => kind === 'number' && addition(value) !== undefined;

function addition(value: unknown): number | undefined {
  return typeof value === 'object' && value !== null && 'add' in value ? Number(value.add) : undefined;
}

function expressionOf(each: Assigned): unknown {
  if (isMoment(each)) return momentOf(each.value);
  if (isAdded(each)) return { $add: [`$${each.path}`, addition(each.value)] };
  return { $literal: each.encode(each.value) };
}
