import { questionKey } from '../../../../stages/store/question-key.ts';
import { type Cleaned, Cleanup } from '../../../../stages/store/repositories/cleanup.ts';
import { clear } from '../../../../stages/store/table/pages.ts';
import { type Tables, tableOf } from '../../../../stages/store/table/table.ts';
import type { LaneName, WorkKey } from '../../../../streams/work/work.ts';
import type { Database } from '../database.ts';
import { laneScope, runScope } from '../work/question-table.ts';
import { countOldSteps, dropOldSteps, dropStepsOf } from './old-steps.ts';

const STEPS = tableOf('steps', { id: 'text' });

/** What is old and settled in a SQLite file. */
export class SqliteCleanup extends Cleanup {
  readonly #tables: Tables;
  readonly #db: Database;

  constructor(tables: Tables, store: Cleaned, db: Database) {
    super(tables, store);
    this.#tables = tables;
    this.#db = db;
  }

  async countOldSteps(before: Date): Promise<number> {
    return countOldSteps(this.#db, before);
  }

  dropOldSteps(before: Date): Promise<number> {
    return dropOldSteps(this.#db, before);
  }

  dropStepsOf(of: Pick<WorkKey, 'lane' | 'questionId'>): Promise<void> {
    return dropStepsOf(this.#db, questionKey(of));
  }

  protected async dropBeside(lane: LaneName): Promise<void> {
    await clear(this.#tables, STEPS, { id: { startsWith: `${lane}/` } });
    const runs = this.#db.prepare('SELECT id FROM runs WHERE lane = ?').all(lane);
    const dropCounts = this.#db.prepare('DELETE FROM status_counts WHERE scope = ?');
    await this.#db.write(() => {
      for (const scope of [laneScope(lane), ...runs.map(({ id }) => runScope(String(id)))])
        dropCounts.run(scope);
      for (const table of ['ends_per_minute', 'tallies'])
        this.#db.prepare(`DELETE FROM ${table} WHERE lane = ?`).run(lane);
    });
  }
}
