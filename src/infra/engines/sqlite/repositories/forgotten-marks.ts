import type { Database } from '../database.ts';
import { transactionFact } from '../transaction-fact.ts';

/** Says whether a question was forgotten. Inside a write nobody can mark it in between. */
export function forgottenMarks(db: Database): (questionId: string) => boolean {
  const find = db.prepare('SELECT 1 FROM forgotten WHERE question_id = ?');
  const any = db.prepare('SELECT 1 FROM forgotten LIMIT 1');
  // Most files have none.
  const isAny = transactionFact(db, () => any.get() !== undefined);
  return (questionId) => isAny() && find.get(questionId) !== undefined;
}
