import type { Db, Document } from 'mongodb';
import type {
  Change,
  Fields,
  Page,
  Table,
  Tables,
  Tally,
  Where,
} from '../../../../stages/store/table/table.ts';
import { operation } from '../operation.ts';
import type { ForgottenMarks } from '../repositories/forgotten-marks.ts';
import { changeAll, type Stored } from './changes.ts';
import { filterOf } from './filter.ts';
import { COUNTED_BY, pathsOf } from './paths.ts';
import { pageOf, tallyOf } from './pipelines.ts';

/** The collections of one database. What is written in one go is written in order, and taken back of forgotten questions. */
export class MongoTables implements Tables {
  readonly #db: Db;
  readonly #marks: ForgottenMarks;

  constructor(db: Db, marks: ForgottenMarks) {
    this.#db = db;
    this.#marks = marks;
  }

  async get(table: Table, id: string): Promise<unknown> {
    const [row] = await this.page(table, { where: { id } });
    return row;
  }

  async page<F extends Fields, C extends Fields>(table: Table<F, C>, page: Page<F & C>) {
    const rows = await this.#read(table, pageOf(table, page));
    return rows.map((row) => decoded(table, row));
  }

  count<F extends Fields, C extends Fields>(table: Table<F, C>, where: Where<F & C>): Promise<number> {
    return operation(`counting ${said(table)}`, () =>
      this.#collection(table).countDocuments(filterOf(table, where)),
    );
  }

  async tally<F extends Fields, C extends Fields>(table: Table<F, C>, tally: Tally<F & C>) {
    const rows = await this.#read(table, tallyOf(table, tally), COUNTED_BY[table.name]);
    return rows.map(({ _id, ...counted }) => ({ ..._id, ...counted }));
  }

  async write(changes: readonly Change[], about: readonly string[] = []): Promise<number> {
    const [first] = changes;
    if (first === undefined) return 0;
    return operation(`writing ${said(first.table)}`, async () => {
      let changed = 0;
      for (const group of grouped(changes))
        changed += await changeAll(this.#collection(group.table), group.changes);
      if (about.length > 0 && (await this.#marks.sweep(about)).size > 0) await this.#takeBack(changes);
      return changed;
    });
  }

  /** What was just written of forgotten questions, also in a lane that nobody has opened. */
  async #takeBack(changes: readonly Change[]): Promise<void> {
    for (const change of changes)
      if ('row' in change) await this.#collection(change.table).deleteOne({ _id: String(change.row['id']) });
  }

  #read(table: Table, pipeline: Document[], hint?: string): Promise<Document[]> {
    return operation(`reading ${said(table)}`, () =>
      this.#collection(table)
        .aggregate(pipeline, hint === undefined ? {} : { hint })
        .toArray(),
    );
  }

  #collection({ name }: Table) {
    return this.#db.collection<Stored>(name);
  }
}

const said = ({ name }: Table): string => name.replaceAll('_', ' ');

function decoded(table: Table, row: Document): Record<string, unknown> {
  return Object.fromEntries(
    [...pathsOf(table)].map(([field, { path, decode }]) => [field, decode(within(row, path.split('.')))]),
  );
}

function within(value: unknown, [name, ...rest]: readonly string[]): unknown {
  return name === undefined ? value : within(Object(value)[name], rest);
}

/** Changes of one kind to one collection that follow each other. */
function grouped(changes: readonly Change[]) {
  const groups: { table: Table; kind: Change['kind']; changes: Change[] }[] = [];
  for (const change of changes) {
    const last = groups.at(-1);
    if (last?.table === change.table && last.kind === change.kind) last.changes.push(change);
    else groups.push({ table: change.table, kind: change.kind, changes: [change] });
  }
  return groups;
}
