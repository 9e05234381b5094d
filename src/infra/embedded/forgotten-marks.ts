import type { Database } from './database.ts';

/** Says whether a question was forgotten. Inside a write nobody can mark it in between. */
export function forgottenMarks(db: Database): (questionId: string) => boolean {
  const find = db.prepare('SELECT 1 FROM forgotten WHERE question_id = ?');
  return (questionId) => find.get(questionId) !== undefined;
}
