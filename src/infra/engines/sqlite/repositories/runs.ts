import { Runs } from '../../../../stages/store/repositories/runs.ts';
import { statusCounts } from '../../../../stages/store/status-counts.ts';
import type { RunRepository, StatusCounts, TopicCounts } from '../../../../stages/store/store.ts';
import { readStored } from '../../../../stages/store/table/read-stored.ts';
import type { Tables } from '../../../../stages/store/table/table.ts';
import { topicCounts, topicRow } from '../../stored/topic-counts.ts';
import type { Database } from '../database.ts';
import { runScope } from '../work/question-table.ts';

/** The runs and where their questions stand. */
export class SqliteRuns extends Runs implements RunRepository {
  readonly #db: Database;

  constructor(tables: Tables, db: Database) {
    super(tables);
    this.#db = db;
  }

  async counts(run: string): Promise<StatusCounts> {
    return countsIn(this.#db, runScope(run));
  }

  async countsByTopic(run: string): Promise<readonly TopicCounts[]> {
    const rows = this.#db
      .prepare(
        `SELECT q.question ->> '$.topic' AS topic, q.question ->> '$.subTopic' AS subTopic, q.status, count(*) AS n
         FROM submissions s JOIN questions q ON q.id = s.lane || '/' || s.question_id
         WHERE s.run = ? GROUP BY 1, 2, 3`,
      )
      .all(run);
    return topicCounts(rows.map((row) => readStored(topicRow, row)));
  }
}

export function countsIn(db: Database, scope: string): StatusCounts {
  const rows = db.prepare('SELECT status, n FROM status_counts WHERE scope = ?').all(scope);
  return statusCounts(rows.map((row) => [String(row['status']), Number(row['n'])]));
}
