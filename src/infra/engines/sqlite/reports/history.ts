import type { StoredWork } from '../../../../stages/store/store.ts';
import { inStreamOrder } from '../../../../stages/store/stream-order.ts';
import type { Database } from '../database.ts';
import { ALL_WORK_TABLES } from '../schema.ts';
import { readWork } from '../work/work-row.ts';

/** Everything that was done for a question, in the order of the stream, and of each stage in that of its revisions. */
export function readHistoryWorks(db: Database, lane: string, questionId: string): readonly StoredWork[] {
  const works = ALL_WORK_TABLES.flatMap((table) =>
    db
      .prepare(`SELECT * FROM ${table} WHERE id >= ? AND id < ? ORDER BY revision`)
      .all(`${lane}/${questionId}/`, `${lane}/${questionId}0`)
      .map(storedWork),
  );
  return inStreamOrder(works);
}

function storedWork(row: Readonly<Record<string, unknown>>): StoredWork {
  const { id, revision, state, model, recipe, usage, costUsd, attempts, result, updatedAt } = readWork(row);
  const [, , stage = ''] = id.split('/');
  return { stage, revision, state, model, recipe, usage, costUsd, attempts, result, updatedAt };
}
