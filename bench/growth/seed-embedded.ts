import { DatabaseSync } from 'node:sqlite';
import { recordRange } from '../../src/infra/engines/sqlite/record-id.ts';
import { TEMPLATE } from './sizes.ts';

/** The middle of an id is the number of the copy: copies lie all over the indexes, as questions do. */
const copyId = (id: string) => `(substr(${id}, 1, 6) || printf('%06x', :copy) || substr(${id}, 13))`;
const COUNTS = {
  status_counts: ['n'],
  ends_per_minute: ['n'],
  tallies: [
    'done',
    'dead',
    'failed_attempts',
    'input',
    'output',
    'cached',
    'reasoning',
    'cost_usd',
    'unpriced',
  ],
} as const;

type Copy = (copy: number) => void;

/** Copies what one run has stored and written to its log, under ids of their own; whatever else stands there is kept. */
export class EmbeddedSeeder {
  readonly #path: string;
  #copies = 1;

  /** @param path the database of a run of `TEMPLATE` questions, just ended. */
  constructor(path: string) {
    this.#path = path;
    using db = new DatabaseSync(path);
    for (const table of [...tablesOf(db), ...Object.keys(COUNTS)])
      db.exec(`CREATE TABLE seed_${table} AS SELECT * FROM ${table}`);
    db.exec('CREATE TABLE seed_ends AS SELECT topic, max(next) AS next FROM offsets GROUP BY topic');
  }

  /** Goes on until so many copies of the template stand there. */
  copyTo(questions: number): void {
    const wanted = Math.ceil(questions / TEMPLATE);
    using db = new DatabaseSync(this.#path);
    db.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; PRAGMA temp_store = MEMORY;');
    const steps = [...tablesOf(db).map((table) => rowsOf(db, table)), ...recordsOf(db), ...countsOf(db)];
    for (; this.#copies < wanted; this.#copies += 1) {
      db.exec('BEGIN');
      for (const step of steps) step(this.#copies);
      db.exec('COMMIT');
    }
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }
}

/** Every table of questions and of what was made of them. */
function tablesOf(db: DatabaseSync): readonly string[] {
  const tables = db
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'seed_*' AND name <> 'forgotten'",
    )
    .all();
  return tables.map(({ name }) => String(name)).filter((name) => columnsOf(db, name).includes('question_id'));
}

function columnsOf(db: DatabaseSync, table: string): readonly string[] {
  return db
    .prepare(`PRAGMA table_info(${table})`)
    .all()
    .map(({ name }) => String(name));
}

function rowsOf(db: DatabaseSync, table: string): Copy {
  const columns = columnsOf(db, table);
  const values = columns.map((column) => {
    if (column === 'position') return `position + :copy * ${TEMPLATE}`;
    return ['id', 'question_id', 'key'].includes(column)
      ? `replace(${column}, question_id, ${copyId('question_id')})`
      : column;
  });
  const insert = db.prepare(
    `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values.join(', ')} FROM seed_${table}`,
  );
  return (copy) => void insert.run({ copy });
}

/** Appended behind what stands in each topic, and read by whoever had read the rest. */
function recordsOf(db: DatabaseSync): readonly Copy[] {
  const topics = db
    .prepare('SELECT t.id, t.name, e.next FROM topics t JOIN seed_ends e ON e.topic = t.name')
    .all();
  return topics.map(({ id, name, next }) => {
    const { from, to } = recordRange(Number(id), 0);
    const last = db.prepare('SELECT max(id) AS id FROM records WHERE id >= ? AND id < ?');
    last.setReadBigInts(true);
    const insert = db.prepare(
      `INSERT INTO records (id, key, value, headers, timestamp_ms)
       SELECT id + :shift, ${copyId('key')}, value, headers, timestamp_ms FROM records WHERE id >= :from AND id < :until`,
    );
    const read = db.prepare('UPDATE offsets SET next = next + ? WHERE topic = ?');
    return (copy) => {
      const end = endOf(last.get(from, to)?.['id']);
      insert.run({ copy, shift: end - from, from, until: from + BigInt(Number(next)) });
      read.run(Number(next), String(name));
    };
  });
}

function countsOf(db: DatabaseSync): readonly Copy[] {
  return Object.entries(COUNTS).map(([table, sums]) => {
    const keys = columnsOf(db, table).filter((column) => !(sums as readonly string[]).includes(column));
    const same = keys.map((key) => `s.${key} = ${table}.${key}`).join(' AND ');
    const set = sums.map((sum) => `${sum} = ${table}.${sum} + s.${sum}`).join(', ');
    const add = db.prepare(`UPDATE ${table} SET ${set} FROM seed_${table} s WHERE ${same}`);
    return () => void add.run();
  });
}

function endOf(last: unknown): bigint {
  if (typeof last === 'bigint') return last + 1n;
  throw new Error('The run that is copied has left no records.');
}
