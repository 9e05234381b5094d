import type { DatabaseSync, StatementSync } from 'node:sqlite';

const statementsOf = new WeakMap<DatabaseSync, Map<string, StatementSync>>();

/** The statement, prepared once for each database: to prepare a search takes longer than to make it where little is indexed. */
export function prepared(db: DatabaseSync, sql: string): StatementSync {
  const known = statementsOf.get(db) ?? new Map<string, StatementSync>();
  statementsOf.set(db, known);
  const statement = known.get(sql) ?? db.prepare(sql);
  known.set(sql, statement);
  return statement;
}
