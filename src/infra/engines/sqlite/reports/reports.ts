import type { AgentStage } from '../../../../stages/stage-names.ts';
import type { DeadLetters } from '../../../../stages/store/repositories/dead-letters.ts';
import { QuestionReports } from '../../../../stages/store/repositories/reports/question-reports.ts';
import type { StageTally, StatusCounts } from '../../../../stages/store/store.ts';
import type { Tables } from '../../../../stages/store/table/table.ts';
import type { LaneName } from '../../../../streams/work/work.ts';
import type { Database } from '../database.ts';
import { countsIn } from '../repositories/runs.ts';
import { laneScope } from '../work/counters.ts';

/** What people ask about, read while the stages work. */
export class SqliteReports extends QuestionReports {
  readonly #db: Database;

  constructor(tables: Tables, deadLetters: DeadLetters, db: Database) {
    super(tables, deadLetters);
    this.#db = db;
  }

  /** Counted by whole minutes: all of the present one, and of the one before the part that is not a minute ago. */
  protected override async endedLastMinute(lane: LaneName): Promise<number> {
    const minutes = Date.now() / 60_000;
    const minute = Math.floor(minutes);
    const ends = this.#db.prepare('SELECT n FROM ends_per_minute WHERE lane = ? AND minute = ?');
    const before = Number(ends.get(lane, minute - 1)?.['n'] ?? 0);
    return Number(ends.get(lane, minute)?.['n'] ?? 0) + Math.round(before * (minute + 1 - minutes));
  }

  async counts(lane: LaneName): Promise<StatusCounts> {
    return countsIn(this.#db, laneScope(lane));
  }

  async approvalTimesMs(lane: LaneName, most: number): Promise<readonly number[]> {
    const rows = this.#db
      .prepare(
        `SELECT max(0, updated_ms - added_ms) AS took FROM questions
         WHERE lane = ? AND status = 'approved' AND added_ms IS NOT NULL ORDER BY updated_ms DESC LIMIT ?`,
      )
      .all(lane, most);
    return rows.map(({ took }) => Number(took));
  }

  async recipes(lane: LaneName, stage: AgentStage): Promise<ReadonlyMap<string, number>> {
    const rows = this.#db
      .prepare("SELECT recipe, done FROM tallies WHERE lane = ? AND stage = ? AND recipe <> ''")
      .all(lane, stage);
    return new Map(rows.map((row) => [String(row['recipe']), Number(row['done'])]));
  }

  protected async tally(lane: LaneName, stage: AgentStage): Promise<StageTally> {
    const row = this.#db
      .prepare(
        `SELECT sum(done) AS done, sum(dead) AS dead, sum(failed_attempts) AS failed, sum(input) AS input,
           sum(output) AS output, sum(cached) AS cached, sum(reasoning) AS reasoning, sum(cost_usd) AS cost,
           sum(unpriced) AS unpriced FROM tallies WHERE lane = ? AND stage = ?`,
      )
      .get(lane, stage);
    const of = (column: string): number => Number(row?.[column] ?? 0);
    return {
      done: of('done'),
      dead: of('dead'),
      failedAttempts: of('failed'),
      usage: { input: of('input'), output: of('output'), cached: of('cached'), reasoning: of('reasoning') },
      costUsd: of('cost'),
      unpricedCalls: of('unpriced'),
    };
  }
}
