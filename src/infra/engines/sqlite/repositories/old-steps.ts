import { SETTLED } from '../../../../stages/store/cleanup.ts';
import type { Database } from '../database.ts';

/** Questions per transaction: a work has a few dozen steps, and nobody else has to wait longer than for these. */
const QUESTIONS_PER_WRITE = 50;

const OLD = `FROM questions q
  WHERE q.status IN (SELECT value FROM json_each(:settled)) AND q.updated_ms < :before
    AND EXISTS (SELECT 1 FROM steps s WHERE s.id >= q.id || '/' AND s.id < q.id || '0')
    AND NOT EXISTS (SELECT 1 FROM dead_letters d
      WHERE d.question_id = q.question_id AND d.lane = q.lane AND d.state <> 'closed')`;
const settled = JSON.stringify(SETTLED);

/** How many settled questions have steps, and ended before then. */
export function countOldSteps(db: Database, before: Date): number {
  const count = db.prepare(`SELECT count(*) AS n ${OLD}`);
  return Number(count.get({ settled, before: before.getTime() })?.['n'] ?? 0);
}

/** Deletes the steps of one question of a lane, by its key. */
export async function dropStepsOf(db: Database, key: string): Promise<void> {
  const remove = db.prepare('DELETE FROM steps WHERE id >= ? AND id < ?');
  await db.write(() => remove.run(`${key}/`, `${key}0`));
}

/** Deletes their steps, and resolves with how many questions had some. What has to go is looked for outside of any transaction. */
export async function dropOldSteps(db: Database, before: Date): Promise<number> {
  const next = db.prepare(`SELECT q.id ${OLD} AND q.id > :after ORDER BY q.id LIMIT ${QUESTIONS_PER_WRITE}`);
  const remove = db.prepare('DELETE FROM steps WHERE id >= ? AND id < ?');
  let after = '';
  for (let total = 0; ; ) {
    const ids = next.all({ settled, before: before.getTime(), after }).map(({ id }) => String(id));
    await db.write(() => {
      for (const id of ids) remove.run(`${id}/`, `${id}0`);
    });
    total += ids.length;
    after = ids.at(-1) ?? '';
    if (ids.length < QUESTIONS_PER_WRITE) return total;
  }
}
