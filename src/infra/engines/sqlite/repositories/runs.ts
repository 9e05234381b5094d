import { z } from 'zod';
import { type Question, questionSchema, type Submission } from '../../../../stages/question.ts';
import { statusCounts } from '../../../../stages/store/status-counts.ts';
import type { RunInfo, RunRepository, StatusCounts, TopicCounts } from '../../../../stages/store/store.ts';
import { jsonText, readStored } from '../../../../stages/store/table/read-stored.ts';
import type { LaneName, QuestionId } from '../../../../streams/work/work.ts';
import { topicCounts, topicRow } from '../../stored/topic-counts.ts';
import type { Database } from '../database.ts';
import { PAGE_ROWS, rowsInPages } from '../in-pages.ts';
import { submissionRow } from '../reports/submission-row.ts';
import { runScope } from '../work/question-table.ts';

const questionColumn = z.object({ question: jsonText(questionSchema) });

const runRow = z
  .object({
    id: z.string(),
    lane: z.string().transform((lane) => lane as LaneName),
    started_at: z.string(),
    input: z.string(),
  })
  .transform(({ started_at, ...run }) => ({ ...run, startedAt: started_at }));

/** The runs and where their questions stand. */
export class SqliteRuns implements RunRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async open({ id, lane, startedAt, input }: RunInfo): Promise<void> {
    const insert = this.#db.prepare('INSERT INTO runs (id, lane, started_at, input) VALUES (?, ?, ?, ?)');
    await this.#db.write(() => insert.run(id, lane, startedAt, input));
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

  async includes(run: string, questionId: QuestionId): Promise<boolean> {
    const row = this.#db
      .prepare('SELECT 1 FROM submissions WHERE run = ? AND question_id = ?')
      .get(run, questionId);
    return row !== undefined;
  }

  async *pending(run: string): AsyncGenerator<{ question: Question; submission: Submission }> {
    const page = this.#db.prepare(
      `SELECT q.question, s.run, s.position, s.user_id, s.metadata, s.question_id, s.lane FROM submissions s
       JOIN questions q ON q.id = s.lane || '/' || s.question_id
       WHERE s.run = :run AND (s.position, s.question_id, s.lane) > (:position, :questionId, :lane)
         AND q.status = 'pending' ORDER BY s.position, s.question_id, s.lane LIMIT :limit`,
    );
    const rows = rowsInPages((last) => {
      const { position = -1, question_id: questionId = '', lane = '' } = last ?? {};
      return page.all({ run, position, questionId, lane, limit: PAGE_ROWS });
    });
    for await (const row of rows) {
      const submission = readStored(submissionRow, row);
      if (submission !== undefined) yield { question: readStored(questionColumn, row).question, submission };
    }
  }

  async latest(): Promise<RunInfo | undefined> {
    const row = this.#db.prepare('SELECT * FROM runs ORDER BY started_at DESC, rowid DESC LIMIT 1').get();
    return row === undefined ? undefined : readStored(runRow, row);
  }
}

export function countsIn(db: Database, scope: string): StatusCounts {
  const rows = db.prepare('SELECT status, n FROM status_counts WHERE scope = ?').all(scope);
  return statusCounts(rows.map((row) => [String(row['status']), Number(row['n'])]));
}
