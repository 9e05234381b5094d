import type { HeldQuestions, Holdings, QuestionQuery } from '../../../../stages/store/forgotten.ts';
import type { QuestionId } from '../../../../streams/work/work.ts';
import { DataLock } from '../data-lock.ts';
import type { Database } from '../database.ts';
import { classifySqlite } from '../failure.ts';
import { ALL_WORK_TABLES } from '../schema.ts';
import type { Counters } from '../work/counters.ts';
import { laneScope, runScope } from '../work/question-table.ts';

/** Each kind of holding: its tables, and which rows of them belong to the questions `ids` in the lanes `lanes`. */
const KEYS = `SELECT l.value || '/' || q.value FROM json_each(:lanes) l, json_each(:ids) q`;
const OF_QUESTIONS = 'question_id IN (SELECT value FROM json_each(:ids))';
const within = (table: string) =>
  `id IN (SELECT w.id FROM (${KEYS.replace(' FROM', ' AS key FROM')}) k
     JOIN ${table} w ON w.id >= k.key || '/' AND w.id < k.key || '0')`;
const STEPS = within('steps');
const HELD = {
  questions: [['questions', `id IN (${KEYS})`]],
  submissions: [['submissions', OF_QUESTIONS]],
  works: [...ALL_WORK_TABLES, 'decisions']
    .map((table) => [table, within(table)])
    .concat([['shadow_verdicts', OF_QUESTIONS]]),
  examples: ['dataset', 'rejections', 'retractions', 'desk'].map((table) => [table, `id IN (${KEYS})`]),
  deadLetters: [
    [
      'dead_letters',
      `key IN (SELECT value FROM json_each(:ids)) OR question_id IN (SELECT value FROM json_each(:ids))`,
    ],
  ],
} as const;

type Chosen = Readonly<{ ids: string; lanes: string }>;

/** What a SQLite file holds of questions. */
export class SqliteHeldQuestions implements HeldQuestions {
  readonly #db: Database;
  readonly #counters: Counters;

  constructor(db: Database, counters: Counters) {
    this.#db = db;
    this.#counters = counters;
  }

  async erase(ids: readonly QuestionId[]): Promise<Holdings> {
    const chosen = this.#chosen(ids);
    return this.#db.write(() => this.#eraseChosen(chosen));
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

  async find(query: QuestionQuery): Promise<readonly QuestionId[]> {
    return query.kind === 'run'
      ? this.#ids('SELECT DISTINCT question_id FROM submissions WHERE run = ?', query.run)
      : this.#ids("SELECT DISTINCT question_id FROM questions WHERE question ->> '$.topic' = ?", query.topic);
  }

  async holdings(ids: readonly QuestionId[]): Promise<Holdings> {
    const { ids: chosenIds, lanes } = this.#chosen(ids);
    return eachKind((table, where) => {
      const count = this.#db.prepare(`SELECT count(*) AS n FROM ${table} WHERE ${where}`);
      return Number(count.get(parametersOf(where, { ids: chosenIds, lanes }))?.['n'] ?? 0);
    });
  }

  #eraseChosen(chosen: Chosen): Holdings {
    this.#uncount(chosen);
    this.#db.prepare(`DELETE FROM steps WHERE ${STEPS}`).run(chosen);
    this.#db.prepare(`DELETE FROM evidence_uses WHERE ${OF_QUESTIONS}`).run({ ids: chosen.ids });
    return eachKind((table, where) =>
      Number(
        this.#db.prepare(`DELETE FROM ${table} WHERE ${where}`).run(parametersOf(where, chosen)).changes,
      ),
    );
  }

  /** Takes the questions out of the counts of their lanes and of the runs that asked for them. */
  #uncount(chosen: Chosen): void {
    const [[, where]] = HELD.questions;
    const questions = this.#db
      .prepare(`SELECT lane, question_id, status FROM questions WHERE ${where}`)
      .all(parametersOf(where, chosen));
    const runs = this.#db.prepare('SELECT run FROM submissions WHERE question_id = ? AND lane = ?');
    for (const { lane, question_id, status } of questions) {
      const asked = runs.all(String(question_id), String(lane)).map(({ run }) => runScope(String(run)));
      for (const scope of [laneScope(String(lane)), ...asked])
        this.#counters.addStatus(scope, String(status), -1);
    }
  }

  /** Lanes that were opened, and those that only a record named. */
  #chosen(ids: readonly QuestionId[]): Chosen {
    const rows = this.#db
      .prepare(
        `SELECT name FROM lanes UNION SELECT substr(scope, 6) FROM status_counts WHERE scope GLOB 'lane:*'`,
      )
      .all();
    const lanes = rows.map(({ name }) => String(name));
    return { ids: JSON.stringify(ids), lanes: JSON.stringify(lanes) };
  }

  #ids(sql: string, ...parameters: readonly string[]): readonly QuestionId[] {
    const rows = this.#db.prepare(sql).all(...parameters);
    return rows.map((row) => String(row['question_id']) as QuestionId);
  }
}

function eachKind(count: (table: string, where: string) => number): Holdings {
  const sum = (tables: readonly (readonly string[])[]) =>
    tables.reduce((total, [table = '', where = '']) => total + count(table, where), 0);
  return {
    works: sum(HELD.works),
    examples: sum(HELD.examples),
    deadLetters: sum(HELD.deadLetters),
    submissions: sum(HELD.submissions),
    questions: sum(HELD.questions),
  };
}

/** SQLite refuses a parameter that a statement does not name. */
function parametersOf(where: string, { ids, lanes }: Chosen): Record<string, string> {
  return where.includes(':lanes') ? { ids, lanes } : { ids };
}
