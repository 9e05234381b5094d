import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { defineFunctions } from '../../src/infra/engines/sqlite/functions.ts';
import { CALLS } from './scripted-server.ts';

const TABLES = { research: 'research', candidate: 'generations', review: 'reviews' } as const;

/** When the first call of a run started and when its last example stood in the store and in the ledger. */
export type WorkSpan = Readonly<{ firstCallMs: number; lastStoreMs: number }>;

const spanSchema = z.object({ first: z.string(), last: z.number() });

/** By the run's own clock. The last record of a run is the ledger's. Throws if nothing was done. */
export function workSpan(database: string): WorkSpan {
  using db = opened(database);
  const row = db
    .prepare(
      `SELECT (SELECT min(coalesce(unpacked(packed) -> '$.attempts', attempts) ->> '$[0].startedAt') FROM research) AS first,
        (SELECT max(timestamp_ms) FROM records) AS last`,
    )
    .get();
  const { first, last } = spanSchema.parse(row);
  return { firstCallMs: Date.parse(first), lastStoreMs: last };
}

/** How many questions of the lane `main` stand at each status; empty while there is no database. */
export function statusCounts(database: string): ReadonlyMap<string, number> {
  if (!existsSync(database)) return new Map();
  using db = opened(database);
  if (db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'status_counts'").get() === undefined)
    return new Map();
  const rows = db.prepare("SELECT status, n FROM status_counts WHERE scope = 'lane:main'").all();
  return new Map(rows.map((row) => [String(row['status']), Number(row['n'])]));
}

/** The works whose answer is stored, as the server names them: `review|<question>`. */
export function storedWorks(database: string): ReadonlySet<string> {
  using db = opened(database);
  const names = CALLS.flatMap((call) =>
    db
      .prepare(
        `SELECT json_extract(q.question, '$.text') AS text FROM ${TABLES[call]} w
         JOIN questions q ON q.id = w.lane || '/' || w.question_id WHERE w.state = 'done'`,
      )
      .all()
      .map((row) => `${call}|${String(row['text'])}`),
  );
  return new Set(names);
}

function opened(database: string): DatabaseSync {
  const db = new DatabaseSync(database, { readOnly: true, timeout: 5_000 });
  defineFunctions(db);
  return db;
}
