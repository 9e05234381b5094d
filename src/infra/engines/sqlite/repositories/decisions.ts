import type { StatementSync } from 'node:sqlite';
import { z } from 'zod';
import { type Decision, decisionSchema } from '../../../../stages/store/decision.ts';
import type {
  DecidedCount,
  DecisionPage,
  DecisionQuery,
  StoredDecision,
} from '../../../../stages/store/desk.ts';
import { placeOf, placeText } from '../../../../stages/store/table/place.ts';
import { jsonText, readStored } from '../../../../stages/store/table/read-stored.ts';
import type { LaneName, QuestionId, WorkKey } from '../../../../streams/work/work.ts';
import type { Database } from '../database.ts';
import { questionKey } from '../work/question-table.ts';
import { readDecision } from './desk-row.ts';

const standingRow = z.object({ decision: jsonText(decisionSchema) });
const countRow = z.object({
  day: z.string(),
  judge: z.enum(['approved', 'rejected']),
  verdict: z.enum(['approve', 'reject', 'edit']),
  count: z.number(),
});
/** After every text that a time or an id may be. */
const LAST = '\u{10ffff}';

/** What people decided, by `lane/questionId/revision`. */
export class SqliteDecisions {
  readonly #db: Database;
  readonly #insert: StatementSync;
  readonly #find: StatementSync;
  readonly #undo: StatementSync;

  constructor(db: Database) {
    this.#db = db;
    this.#insert = db.prepare(
      `INSERT INTO decisions (id, lane, question_id, revision, reviewer, verdict, judge, at, decision)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    this.#find = db.prepare('SELECT decision FROM decisions WHERE id = ?');
    this.#undo = db.prepare(
      "UPDATE decisions SET undone = 1 WHERE id = ? AND EXISTS (SELECT 1 FROM decisions WHERE id = ? AND verdict = 'undo')",
    );
  }

  /** The first one of a revision counts: returns its row. Only inside a write. */
  protected keepNow(work: WorkKey, decision: Decision): unknown {
    const { lane, questionId, revision } = work;
    const key = questionKey(work);
    const { reviewer, verdict, judge, at } = decision;
    const what = [reviewer, verdict, judge, at, JSON.stringify(decision)] as const;
    this.#insert.run(`${key}/${revision}`, lane, questionId, revision, ...what);
    this.#undo.run(`${key}/${revision - 1}`, `${key}/${revision}`);
    return this.#find.get(`${key}/${revision}`);
  }

  protected standingOf(row: unknown): Decision {
    return readStored(standingRow, row).decision;
  }

  async decisionsOn(lane: LaneName, questionId: QuestionId): Promise<readonly StoredDecision[]> {
    const key = questionKey({ lane, questionId });
    const rows = this.#db
      .prepare(
        `SELECT lane, question_id, revision, decision, undone FROM decisions
         WHERE id >= ? AND id < ? ORDER BY revision`,
      )
      // `0` follows `/` in the order of bytes.
      .all(`${key}/`, `${key}0`);
    return rows.map(readDecision);
  }

  async decisions({ lane, reviewer, from, limit }: DecisionQuery): Promise<DecisionPage> {
    const before = from === undefined ? { at: LAST, id: LAST } : placeOf(from);
    const rows = this.#db
      .prepare(
        `SELECT lane, question_id, revision, decision, undone FROM decisions
         WHERE lane = :lane AND (:reviewer IS NULL OR reviewer = :reviewer) AND (at, id) < (:at, :id)
         ORDER BY at DESC, id DESC LIMIT :limit`,
      )
      .all({ lane, reviewer: reviewer ?? null, at: before.at, id: before.id, limit });
    const decisions = rows.map(readDecision);
    const last = decisions.length < limit ? undefined : decisions.at(-1);
    const next =
      last === undefined
        ? undefined
        : placeText({ at: last.at, id: `${questionKey(last)}/${last.revision}` });
    return { decisions, next };
  }

  async decided(lane: LaneName, sinceDay: string): Promise<readonly DecidedCount[]> {
    const rows = this.#db
      .prepare(
        `SELECT substr(at, 1, 10) AS day, judge, verdict, count(*) AS count FROM decisions
         WHERE lane = ? AND at >= ? AND undone = 0 AND verdict <> 'undo' GROUP BY day, judge, verdict ORDER BY day`,
      )
      .all(lane, sinceDay);
    return rows.map((row) => readStored(countRow, row));
  }
}
