import { Runs } from '../../../../stages/store/repositories/runs.ts';
import { statusCounts } from '../../../../stages/store/status-counts.ts';
import type { StatusCounts } from '../../../../stages/store/store.ts';
import type { Tables } from '../../../../stages/store/table/table.ts';
import type { Database } from '../database.ts';
import { runScope } from '../work/counters.ts';

/** The runs and where their questions stand. */
export class SqliteRuns extends Runs {
  readonly #db: Database;

  constructor(tables: Tables, db: Database) {
    super(tables);
    this.#db = db;
  }

  async counts(run: string): Promise<StatusCounts> {
    return countsIn(this.#db, runScope(run));
  }

  protected async topicRows(run: string) {
    return this.#db
      .prepare(
        `SELECT q.question ->> '$.topic' AS topic, q.question ->> '$.subTopic' AS subTopic, q.status, count(*) AS count
         FROM submissions s JOIN questions q ON q.id = s.lane || '/' || s.question_id
         WHERE s.run = ? GROUP BY 1, 2, 3`,
      )
      .all(run);
  }
}

export function countsIn(db: Database, scope: string): StatusCounts {
  const rows = db.prepare('SELECT status, n FROM status_counts WHERE scope = ?').all(scope);
  return statusCounts(rows.map((row) => [String(row['status']), Number(row['n'])]));
}
