import type { StoredWork } from '../../../../stages/store/store.ts';
import { type AgentStage, keptBy } from '../../../../stages/table.ts';
import type { Database } from '../database.ts';
import { readWork } from '../work/work-row.ts';

/** Everything one stage did for a question, in the order of revisions. */
export function readHistoryWorks(
  db: Database,
  stage: AgentStage,
  lane: string,
  questionId: string,
): StoredWork[] {
  const rows = db
    .prepare(`SELECT * FROM ${keptBy(stage)} WHERE id >= ? AND id < ? ORDER BY revision`)
    .all(`${lane}/${questionId}/`, `${lane}/${questionId}0`);
  return rows.map((row) => {
    const { revision, state, model, recipe, usage, costUsd, attempts, result, updatedAt } = readWork(row);
    return { stage, revision, state, model, recipe, usage, costUsd, attempts, result, updatedAt };
  });
}
