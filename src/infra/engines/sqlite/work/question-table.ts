import type { StatementSync } from 'node:sqlite';
import type { Question, Submission } from '../../../../stages/question.ts';
import { isEnd, isFurther, rankOf, type Status } from '../../../../stages/status.ts';
import { questionKey } from '../../../../stages/store/question-key.ts';
import type { WorkKey } from '../../../../streams/work/work.ts';
import type { Database } from '../database.ts';
import { forgottenMarks } from '../repositories/forgotten-marks.ts';
import type { Counters } from './counters.ts';

export function laneScope(lane: string): string {
  return `lane:${lane}`;
}

export function runScope(run: string): string {
  return `run:${run}`;
}

/**
 * Where each question stands, and who asked it. Every change moves the counts of its lane and of the runs that asked
 * for it, in the same transaction. All methods run inside a write.
 */
export class QuestionTable {
  readonly #counters: Counters;
  readonly isForgotten: (questionId: string) => boolean;
  readonly #insert: StatementSync;
  readonly #find: StatementSync;
  readonly #update: StatementSync;
  readonly #publish: StatementSync;
  readonly #addSubmission: StatementSync;
  readonly #statuses: StatementSync;

  constructor(db: Database, counters: Counters) {
    this.#counters = counters;
    this.isForgotten = forgottenMarks(db);
    this.#insert = db.prepare(
      `INSERT INTO questions (id, lane, question_id, question, status, rank, updated_ms, added_ms)
       VALUES (:id, :lane, :questionId, :question, 'pending', 0, :now, :now) ON CONFLICT DO NOTHING`,
    );
    this.#find = db.prepare('SELECT status, rank, published FROM questions WHERE id = ?');
    this.#update = db.prepare('UPDATE questions SET status = ?, rank = ?, updated_ms = ? WHERE id = ?');
    this.#publish = db.prepare('UPDATE questions SET published = 1 WHERE id = ?');
    this.#addSubmission = db.prepare(
      `INSERT INTO submissions (run, question_id, lane, position, user_id, metadata) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
    );
    this.#statuses = db.prepare(
      `SELECT q.status, q.rank, s.run FROM questions q
       LEFT JOIN submissions s ON s.question_id = q.question_id AND s.lane = q.lane WHERE q.id = ?`,
    );
  }

  accept(work: WorkKey, question: Question, submission: Submission | undefined): void {
    if (this.isForgotten(work.questionId)) return;
    const id = questionKey(work);
    const { lane, questionId } = work;
    const text = JSON.stringify(question);
    const inserted = this.#insert.run({ id, lane, questionId, question: text, now: Date.now() });
    if (Number(inserted.changes) === 1) this.#counters.addStatus(laneScope(work.lane), 'pending', 1);
    if (submission === undefined) return;
    const { run, position, id: userId, metadata } = submission;
    const kept = metadata === undefined ? null : JSON.stringify(metadata);
    const added = this.#addSubmission.run(run, questionId, lane, position, userId ?? null, kept);
    if (Number(added.changes) === 1)
      this.#counters.addStatus(runScope(run), this.find(work)?.status ?? 'pending', 1);
  }

  find(work: WorkKey): Readonly<{ status: string; rank: number; published: boolean }> | undefined {
    const row = this.#find.get(questionKey(work));
    if (row === undefined) return undefined;
    return { status: String(row['status']), rank: Number(row['rank']), published: row['published'] === 1 };
  }

  /** Forward only. */
  move(work: WorkKey, status: Status): void {
    const rank = rankOf(status, work);
    const id = questionKey(work);
    const rows = this.#statuses.all(id);
    const [first] = rows;
    if (first === undefined) return;
    const current = { status: String(first['status']), rank: Number(first['rank']) };
    if (!isFurther({ status, rank }, current)) return;
    this.#update.run(status, rank, Date.now(), id);
    const runs = rows.flatMap(({ run }) => (typeof run === 'string' ? [runScope(run)] : []));
    for (const scope of [laneScope(work.lane), ...runs]) {
      this.#counters.addStatus(scope, current.status, -1);
      this.#counters.addStatus(scope, status, 1);
    }
    if (isEnd(status)) this.#counters.addEnd(work.lane);
  }

  markPublished(id: string): void {
    this.#publish.run(id);
  }
}
