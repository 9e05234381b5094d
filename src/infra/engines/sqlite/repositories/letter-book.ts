import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { z } from 'zod';
import {
  type LatestLetters,
  type LetterBook,
  type LetterCount,
  type LetterQuery,
  type RedriveOutcome,
  type SeenLetter,
  type SeenTaking,
  UNCLOSED,
} from '../../../../stages/store/letters.ts';
import { readStored } from '../../../../stages/store/table/read-stored.ts';
import { failureKindSchema } from '../../../../stages/store/table/schemas.ts';
import type { LetterLife, StoredLetter } from '../../../../streams/delivery/dead-letter.ts';
import type { Token } from '../../../../streams/work/work.ts';
import type { Database } from '../database.ts';
import { inPages, PAGE_ROWS } from '../in-pages.ts';
import { readLetter } from './letter-row.ts';

const LIFE: Readonly<Record<LetterLife['kind'], string>> = {
  open: "state = 'open'",
  redriving: "(state = 'redriving' AND sent_at IS NULL)",
  sent: "(state = 'redriving' AND sent_at IS NOT NULL)",
  closed: "state = 'closed'",
};
/** After every text that an id may go on with. */
const LAST = '\u{10ffff}';
const COUNTED = 'stage, kind, code, count(*) AS count, min(first_at) AS firstAt, max(at) AS lastAt';

const countSchema = z.object({
  stage: z.string(),
  kind: failureKindSchema,
  code: z.string(),
  count: z.number(),
  firstAt: z.string(),
  lastAt: z.string(),
});

/** The letters of one SQLite file: a write is one transaction, so a letter goes to one operator whoever asks. */
export class SqliteLetterBook implements LetterBook {
  readonly #db: Database;
  readonly #taken: StatementSync;
  readonly #sql: Readonly<Record<'take' | 'takeOver' | 'renew' | 'release' | 'sent', StatementSync>>;

  constructor(db: Database) {
    const mine = `WHERE taker = ? AND ${LIFE.redriving}`;
    this.#db = db;
    this.#taken = db.prepare(`SELECT * FROM dead_letters WHERE id = ? AND taker = ? AND ${LIFE.redriving}`);
    this.#sql = {
      take: db.prepare(
        `UPDATE dead_letters SET state = 'redriving', taker = ?, renewal = 0, sent_at = NULL, drive = drive + 1
         WHERE id = ? AND drive = ? AND ${LIFE.open}`,
      ),
      takeOver: db.prepare(
        `UPDATE dead_letters SET taker = ?, renewal = 0
         WHERE id = ? AND taker = ? AND renewal = ? AND ${LIFE.redriving}`,
      ),
      renew: db.prepare(`UPDATE dead_letters SET renewal = renewal + 1 ${mine}`),
      release: db.prepare(`UPDATE dead_letters SET state = 'open' ${mine}`),
      sent: db.prepare(
        `UPDATE dead_letters SET sent_at = ? WHERE id = ? AND taker = ? AND ${LIFE.redriving}`,
      ),
    };
  }

  async *list(query: LetterQuery): AsyncGenerator<StoredLetter> {
    const { where, values } = conditionOf(query);
    const page = this.#db.prepare(
      `SELECT * FROM dead_letters WHERE ${where} AND (at, id) > (?, ?) ORDER BY at, id LIMIT ?`,
    );
    const rows = inPages((last) => page.all(...values, last?.['at'] ?? '', last?.['id'] ?? '', PAGE_ROWS));
    for await (const row of rows) yield readLetter(row);
  }

  async latest(most: number): Promise<LatestLetters> {
    const count = this.#db.prepare("SELECT count(*) AS n FROM dead_letters WHERE state <> 'closed'").get();
    const rows = this.#db
      .prepare("SELECT * FROM dead_letters WHERE state <> 'closed' ORDER BY at DESC, id DESC LIMIT ?")
      .all(most);
    return { count: Number(count?.['n'] ?? 0), letters: rows.map(readLetter) };
  }

  async stats(query: LetterQuery): Promise<readonly LetterCount[]> {
    const { where, values } = conditionOf(query);
    const groups = `SELECT ${COUNTED} FROM dead_letters WHERE ${where} GROUP BY stage, kind, code`;
    const rows = this.#db.prepare(`${groups} ORDER BY count DESC, stage, kind, code`).all(...values);
    return rows.map((row) => readStored(countSchema, row));
  }

  take(by: Token, seen: readonly SeenLetter[]): Promise<readonly StoredLetter[]> {
    return this.#db.write(() => {
      for (const { id, drive } of seen) this.#sql.take.run(by, id, drive);
      return this.#takenBy(
        by,
        seen.map(({ id }) => id),
      );
    });
  }

  takeOver(by: Token, seen: SeenTaking, ids: readonly string[]): Promise<readonly StoredLetter[]> {
    return this.#db.write(() => {
      for (const id of ids) this.#sql.takeOver.run(by, id, seen.by, seen.renewal);
      return this.#takenBy(by, ids);
    });
  }

  async renew(by: Token): Promise<void> {
    await this.#db.write(() => this.#sql.renew.run(by));
  }

  async release(by: Token): Promise<void> {
    await this.#db.write(() => this.#sql.release.run(by));
  }

  async markSent(by: Token, ids: readonly string[]): Promise<void> {
    const at = new Date().toISOString();
    await this.#db.write(() => {
      for (const id of ids) this.#sql.sent.run(at, id, by);
    });
  }

  async outcome(by: Token): Promise<RedriveOutcome> {
    const rows = this.#db
      .prepare('SELECT state, count(*) AS n FROM dead_letters WHERE taker = ? GROUP BY state')
      .all(by);
    const of = new Map(rows.map((row) => [row['state'], Number(row['n'])]));
    return { waiting: of.get('redriving') ?? 0, closed: of.get('closed') ?? 0, open: of.get('open') ?? 0 };
  }

  #takenBy(by: Token, ids: readonly string[]): StoredLetter[] {
    return ids.flatMap((id) => {
      const row = this.#taken.get(id, by);
      return row === undefined ? [] : [readLetter(row)];
    });
  }
}

/** In the words of the index of what is not closed, where only that is meant. */
function livesCondition(lives: readonly LetterLife['kind'][]): string {
  const unclosed = lives.includes('closed') ? [] : ["state <> 'closed'"];
  const all = UNCLOSED.every((life) => lives.includes(life));
  if (all) return unclosed[0] ?? 'true';
  return [...unclosed, `(${lives.map((life) => LIFE[life]).join(' OR ')})`].join(' AND ');
}

function conditionOf({ stage, classes, since, id, lane, lives = UNCLOSED }: LetterQuery) {
  const conditions: [string, ...SQLInputValue[]][] = [[livesCondition(lives)]];
  if (stage !== undefined) conditions.push(['stage = ?', stage]);
  if (lane !== undefined) conditions.push(['lane = ?', lane]);
  if (since !== undefined) conditions.push(['at >= ?', since]);
  if (classes !== undefined) {
    const wanted = JSON.stringify(classes);
    const among = 'IN (SELECT value FROM json_each(?))';
    conditions.push([
      `(kind ${among} OR code ${among} OR kind || '/' || code ${among})`,
      wanted,
      wanted,
      wanted,
    ]);
  }
  if (id !== undefined)
    conditions.push([
      '((id >= ? AND id < ?) OR (question_id >= ? AND question_id < ?))',
      ...[id, `${id}${LAST}`, id, `${id}${LAST}`],
    ]);
  return {
    where: conditions.map(([condition]) => condition).join(' AND '),
    values: conditions.flatMap(([, ...values]) => values),
  };
}
