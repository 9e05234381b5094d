import type { SQLOutputValue, StatementSync } from 'node:sqlite';
import type {
  Change,
  Fields,
  Page,
  Table,
  Tables,
  Tally,
  Where,
} from '../../../../stages/store/table/table.ts';
import type { Database } from '../database.ts';
import { forgottenMarks } from '../repositories/forgotten-marks.ts';
import { sqlColumnsOf } from './columns.ts';
import type { Sql } from './condition.ts';
import { changeOf, countOf, pageOf, tallyOf } from './statements.ts';

type Read = Record<string, SQLOutputValue>;

/** The tables of one SQLite file. What is written in one go is one transaction. */
export class SqliteTables implements Tables {
  readonly #db: Database;
  readonly #isForgotten: (questionId: string) => boolean;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(db: Database) {
    this.#db = db;
    this.#isForgotten = forgottenMarks(db);
  }

  async get(table: Table, id: string): Promise<unknown> {
    const [row] = await this.page(table, { where: { id } });
    return row;
  }

  async page<F extends Fields, C extends Fields>(table: Table<F, C>, page: Page<F & C>) {
    return this.#all(pageOf(table, page)).map((row) => decoded(table, row));
  }

  async count<F extends Fields, C extends Fields>(table: Table<F, C>, where: Where<F & C>): Promise<number> {
    const [row] = this.#all(countOf(table, where));
    return Number(row?.['n'] ?? 0);
  }

  async tally<F extends Fields, C extends Fields>(table: Table<F, C>, tally: Tally<F & C>) {
    return this.#all(tallyOf(table, tally)).map((row) => decoded(table, row));
  }

  write(changes: readonly Change[], about?: readonly string[]): Promise<number> {
    return this.#db.write(() => this.writeNow(changes, about));
  }

  /** The same. Only inside a write. */
  writeNow(changes: readonly Change[], about: readonly string[] = []): number {
    if (about.some(this.#isForgotten)) return 0;
    const changed = changes.map((change) => {
      const { sql, values } = changeOf(change);
      return Number(this.#prepare(sql).run(...values).changes);
    });
    this.#db.factsChanged();
    return changed.reduce((sum, each) => sum + each, 0);
  }

  /**
   * No statement stays open: beside an open one SQLite refuses this process' writes as soon as another process has written
   * (`SQLITE_BUSY_SNAPSHOT`, https://sqlite.org/rescode.html#busy_snapshot).
   */
  #all({ sql, values }: Sql): readonly Read[] {
    return this.#prepare(sql).all(...values);
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#prepared.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#prepared.set(sql, statement);
    }
    return statement;
  }
}

function decoded(table: Table, row: Read): Record<string, unknown> {
  const columns = sqlColumnsOf(table);
  const read: Record<string, unknown> = {};
  for (const field in row) {
    const value = row[field];
    const column = columns.get(field);
    read[field] = column === undefined || value === undefined ? value : column.decode(value);
  }
  return read;
}
