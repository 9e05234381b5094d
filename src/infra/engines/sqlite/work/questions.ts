import type { StatementSync } from 'node:sqlite';
import type { Question, Submission } from '../../../../stages/question.ts';
import { isEnd, isFurther, rankOf, type Status } from '../../../../stages/status.ts';
import { questionKey, questionKeyOf } from '../../../../stages/store/question-key.ts';
import type { QuestionStore, QuestionStored } from '../../../../stages/store/store.ts';
import type { Claim, WorkId, WorkKey } from '../../../../streams/work/work.ts';
import { QUESTION_STORED } from '../../stored/question-stored.ts';
import { UNCLAIMED_WORK, UnclaimedStore } from '../../stored/unclaimed-store.ts';
import type { Database } from '../database.ts';
import { forgottenMarks } from '../repositories/forgotten-marks.ts';
import { type Counters, laneScope, runScope } from './counters.ts';

/**
 * The store of stage 1: where each question stands, and who asked it. Its work is free and the same however often it is done, so
 * nothing is claimed: `accept` keeps the question, and the published mark says that research has it. Every change moves the counts
 * of its lane and of the runs that asked for it, in the same transaction.
 */
export class SqliteQuestions extends UnclaimedStore<QuestionStored> implements QuestionStore {
  readonly #db: Database;
  readonly #counters: Counters;
  readonly #isForgotten: (questionId: string) => boolean;
  readonly #sql: Readonly<
    Record<'insert' | 'find' | 'update' | 'publish' | 'submit' | 'statuses', StatementSync>
  >;

  constructor(db: Database, counters: Counters) {
    super();
    this.#db = db;
    this.#counters = counters;
    this.#isForgotten = forgottenMarks(db);
    this.#sql = {
      insert: db.prepare(
        `INSERT INTO questions (id, lane, question_id, question, status, rank, updated_ms, added_ms)
         VALUES (:id, :lane, :questionId, :question, 'pending', 0, :now, :now) ON CONFLICT DO NOTHING`,
      ),
      find: db.prepare('SELECT status, published FROM questions WHERE id = ?'),
      update: db.prepare('UPDATE questions SET status = ?, rank = ?, updated_ms = ? WHERE id = ?'),
      publish: db.prepare('UPDATE questions SET published = 1 WHERE id = ?'),
      submit: db.prepare(
        `INSERT INTO submissions (run, question_id, lane, position, user_id, metadata) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT DO NOTHING`,
      ),
      statuses: db.prepare(
        `SELECT q.status, q.rank, s.run FROM questions q
         LEFT JOIN submissions s ON s.question_id = q.question_id AND s.lane = q.lane WHERE q.id = ?`,
      ),
    };
  }

  async accept(work: WorkKey, question: Question, submission: Submission | undefined): Promise<void> {
    await this.#db.write(() => this.#accept(work, question, submission));
  }

  async claim(work: WorkKey): Promise<Claim<QuestionStored>> {
    if (this.#isForgotten(work.questionId)) return { kind: 'forgotten' };
    const published = this.#sql.find.get(questionKey(work))?.['published'] === 1;
    return published ? { kind: 'done', finished: QUESTION_STORED, published } : UNCLAIMED_WORK;
  }

  async markPublished(workIds: readonly WorkId[]): Promise<void> {
    await this.#db.write(() => {
      for (const workId of workIds) this.#sql.publish.run(questionKeyOf(workId));
    });
  }

  /** Forward only. Inside a write. */
  move(work: WorkKey, status: Status): void {
    const rank = rankOf(status, work);
    const id = questionKey(work);
    const rows = this.#sql.statuses.all(id);
    const [first] = rows;
    if (first === undefined) return;
    const current = { status: String(first['status']), rank: Number(first['rank']) };
    if (!isFurther({ status, rank }, current)) return;
    this.#sql.update.run(status, rank, Date.now(), id);
    const runs = rows.flatMap(({ run }) => (typeof run === 'string' ? [runScope(run)] : []));
    for (const scope of [laneScope(work.lane), ...runs]) {
      this.#counters.addStatus(scope, current.status, -1);
      this.#counters.addStatus(scope, status, 1);
    }
    if (isEnd(status)) this.#counters.addEnd(work.lane);
  }

  #accept(work: WorkKey, question: Question, submission: Submission | undefined): void {
    const { lane, questionId } = work;
    if (this.#isForgotten(questionId)) return;
    const id = questionKey(work);
    const text = JSON.stringify(question);
    const inserted = this.#sql.insert.run({ id, lane, questionId, question: text, now: Date.now() });
    if (Number(inserted.changes) === 1) this.#counters.addStatus(laneScope(lane), 'pending', 1);
    if (submission === undefined) return;
    const { run, position, id: userId, metadata } = submission;
    const kept = metadata === undefined ? null : JSON.stringify(metadata);
    const added = this.#sql.submit.run(run, questionId, lane, position, userId ?? null, kept);
    if (Number(added.changes) === 1)
      this.#counters.addStatus(runScope(run), String(this.#sql.find.get(id)?.['status']), 1);
  }
}
