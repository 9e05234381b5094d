import type { Erasure } from '../../../../stages/store/forgotten.ts';
import { type Removal, remove, tableOf } from '../../../../stages/store/table/table.ts';
import { DataLock } from '../data-lock.ts';
import type { Database } from '../database.ts';
import { classifySqlite } from '../failure.ts';
import { ALL_WORK_TABLES } from '../schema.ts';
import { conditionOf } from '../table/condition.ts';
import type { SqliteTables } from '../table/tables.ts';
import { type Counters, laneScope, runScope } from '../work/counters.ts';

/** Each by the id of its work and a number: below the key of its question, as works are. */
export const STEPS = tableOf('steps', { id: 'text' });

/** Deletes what is held of questions from a SQLite file. */
export class SqliteErasure implements Erasure {
  readonly #db: Database;
  readonly #tables: SqliteTables;
  readonly #counters: Counters;

  constructor(db: Database, tables: SqliteTables, counters: Counters) {
    this.#db = db;
    this.#tables = tables;
    this.#counters = counters;
  }

  /** In one transaction. */
  erase(removals: readonly Removal[]): Promise<readonly number[]> {
    const steps = removals.filter(({ table }) => ALL_WORK_TABLES.some((name) => name === table.name));
    return this.#db.write(() => {
      for (const removal of removals) if (removal.table.name === 'questions') this.#uncount(removal);
      this.#tables.writeNow(steps.map(({ where }) => remove(STEPS, where)));
      return removals.map((removal) => this.#tables.writeNow([removal]));
    });
  }

  /** Rewrites the file, which stops every writer: only where no run is at work. */
  async shred(): Promise<'shredded' | 'later'> {
    const path = this.#db.path.replace(/\.db$/, '.lock');
    try {
      const lock = new DataLock(path);
      try {
        this.#db.compact();
      } finally {
        lock.release();
      }
      return 'shredded';
    } catch (error) {
      const failure = classifySqlite(error, this.#db.path);
      if (failure.code === 'data_in_use' || failure.kind === 'outage') return 'later';
      throw failure;
    }
  }

  /** Takes the questions out of the counts of their lanes and of the runs that asked for them. */
  #uncount({ table, where }: Removal): void {
    const { sql, values } = conditionOf(table, where);
    const counted = this.#db.prepare(
      `SELECT '${laneScope('')}' || lane AS scope, status FROM questions WHERE ${sql}
       UNION ALL SELECT '${runScope('')}' || run, status FROM questions JOIN submissions USING (question_id, lane) WHERE ${sql}`,
    );
    for (const { scope, status } of counted.all(...values, ...values))
      this.#counters.addStatus(String(scope), String(status), -1);
  }
}
