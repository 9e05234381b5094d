import type { StatementSync } from 'node:sqlite';
import type { Decision } from '../../../../stages/store/decision.ts';
import type {
  DeskAnswer,
  DeskBook,
  DeskClaim,
  DeskEntry,
  DeskPage,
  DeskQuery,
  HoldReason,
} from '../../../../stages/store/desk.ts';
import { placeOf, placeText } from '../../../../stages/store/table/place.ts';
import type { Waiting } from '../../../../streams/delivery/question-book.ts';
import type { LaneName, QuestionId, Token, WorkKey } from '../../../../streams/work/work.ts';
import type { Database } from '../database.ts';
import { questionKey } from '../work/question-table.ts';
import { SqliteDecisions } from './decisions.ts';
import { readEntry } from './desk-row.ts';
import { forgottenMarks } from './forgotten-marks.ts';

/** A claim that ran out is nobody's. One machine has one clock. */
const COLUMNS = `lane, question_id, revision, why, shown, held_ms, state,
  CASE WHEN until_ms > :now THEN reviewer END AS claimed_by`;
const FREE = "state = 'waiting' AND (until_ms <= :now OR reviewer = :reviewer)";

/** The queue of one SQLite file: a claim is one transaction, so a question is in one reviewer's hands. */
export class SqliteDesk extends SqliteDecisions implements DeskBook {
  readonly #db: Database;
  readonly #put: StatementSync;
  readonly #find: StatementSync;
  readonly #claim: StatementSync;
  readonly #mine: StatementSync;
  readonly #free: StatementSync;
  readonly #holds: StatementSync;
  readonly #release: StatementSync;
  readonly #close: StatementSync;
  readonly #isForgotten: (questionId: string) => boolean;

  constructor(db: Database) {
    super(db);
    this.#db = db;
    this.#isForgotten = forgottenMarks(db);
    this.#put = db.prepare(
      `INSERT INTO desk (id, lane, question_id, revision, why, shown, held_ms, state)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting')
       ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, why = excluded.why, shown = excluded.shown,
         held_ms = excluded.held_ms, state = 'waiting', reviewer = NULL, token = NULL, until_ms = 0
       WHERE excluded.revision > revision`,
    );
    this.#find = db.prepare(`SELECT ${COLUMNS} FROM desk WHERE id = :id`);
    this.#claim = db.prepare(
      `UPDATE desk SET reviewer = :reviewer, token = :token, until_ms = :until WHERE id = :id AND ${FREE}`,
    );
    const wanted = "lane = :lane AND state = 'waiting' AND (:why IS NULL OR why = :why)";
    this.#mine = db.prepare(
      `SELECT id FROM desk WHERE ${wanted} AND reviewer = :reviewer AND until_ms > :now ORDER BY held_ms, id LIMIT 1`,
    );
    this.#free = db.prepare(
      `SELECT id FROM desk WHERE ${wanted} AND until_ms <= :now ORDER BY held_ms, id LIMIT 1`,
    );
    this.#holds = db.prepare('SELECT 1 FROM desk WHERE id = ? AND token = ? AND until_ms > ?');
    this.#release = db.prepare('UPDATE desk SET until_ms = 0 WHERE id = ? AND token = ?');
    this.#close = db.prepare(
      "UPDATE desk SET state = 'decided', until_ms = 0 WHERE id = ? AND revision <= ?",
    );
  }

  async put(work: WorkKey, waiting: Waiting): Promise<void> {
    await this.#db.write(() => this.putNow(work, waiting));
  }

  /** Only inside a write. */
  putNow(work: WorkKey, { why, shown }: Waiting): void {
    const { lane, questionId, revision } = work;
    if (this.#isForgotten(questionId)) return;
    this.#put.run(questionKey(work), lane, questionId, revision, why, shown, Date.now());
  }

  async queue({ lane, why, from, limit }: DeskQuery): Promise<DeskPage> {
    const after = from === undefined ? { at: '0', id: '' } : placeOf(from);
    const rows = this.#db
      .prepare(
        `SELECT ${COLUMNS} FROM desk WHERE lane = :lane AND state = 'waiting' AND (:why IS NULL OR why = :why)
           AND (held_ms, id) > (:at, :after) ORDER BY held_ms, id LIMIT :limit`,
      )
      .all({ now: Date.now(), lane, why: why ?? null, at: Number(after.at), after: after.id, limit });
    const entries = rows.map(readEntry);
    const last = entries.length < limit ? undefined : entries.at(-1);
    const next =
      last === undefined
        ? undefined
        : placeText({ at: String(Date.parse(last.heldAt)), id: questionKey(last) });
    return { entries, next };
  }

  async waiting(lane: LaneName): Promise<number> {
    const row = this.#db
      .prepare("SELECT count(*) AS n FROM desk WHERE lane = ? AND state = 'waiting'")
      .get(lane);
    return Number(row?.['n'] ?? 0);
  }

  async find(lane: LaneName, questionId: QuestionId): Promise<DeskEntry | undefined> {
    const row = this.#find.get({ id: questionKey({ lane, questionId }), now: Date.now() });
    return row === undefined ? undefined : readEntry(row);
  }

  async claimNext(lane: LaneName, claim: DeskClaim, why?: HoldReason): Promise<DeskEntry | undefined> {
    const row = await this.#db.write(() => {
      const now = Date.now();
      const wanted = { lane, why: why ?? null, now };
      const next = this.#mine.get({ ...wanted, reviewer: claim.reviewer }) ?? this.#free.get(wanted);
      return next === undefined ? undefined : this.#take(String(next['id']), claim);
    });
    return row === undefined ? undefined : readEntry(row);
  }

  async claim(lane: LaneName, questionId: QuestionId, claim: DeskClaim): Promise<DeskAnswer> {
    const id = questionKey({ lane, questionId });
    const taken = await this.#db.write(() => this.#take(id, claim));
    if (taken !== undefined) return { kind: 'claimed', entry: readEntry(taken) };
    const standing = await this.find(lane, questionId);
    return standing?.state === 'waiting' && standing.claimedBy !== undefined
      ? { kind: 'taken', by: standing.claimedBy }
      : { kind: 'gone' };
  }

  async holds(lane: LaneName, questionId: QuestionId, token: Token): Promise<boolean> {
    return this.#holds.get(questionKey({ lane, questionId }), token, Date.now()) !== undefined;
  }

  async release(lane: LaneName, questionId: QuestionId, token: Token): Promise<void> {
    await this.#db.write(() => this.#release.run(questionKey({ lane, questionId }), token));
  }

  async keep(work: WorkKey, decision: Decision): Promise<Decision> {
    const standing = await this.#db.write(() => {
      if (this.#isForgotten(work.questionId)) return undefined;
      this.#close.run(questionKey(work), work.revision);
      return this.keepNow(work, decision);
    });
    return standing === undefined ? decision : this.standingOf(standing);
  }

  /** The row as it is read after the write: a bad one must not undo what others write with it. */
  #take(id: string, { reviewer, token, forMs }: DeskClaim): unknown {
    const now = Date.now();
    const taken = this.#claim.run({ id, reviewer, token, until: now + forMs, now });
    return Number(taken.changes) === 0 ? undefined : this.#find.get({ id, now });
  }
}
