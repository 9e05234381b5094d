import { shadowOfLane } from '../../../../stages/judges/shadow-name.ts';
import { MAIN_LANE } from '../../../../stages/lanes/lane.ts';
import {
  type CleanupRepository,
  type IdleLane,
  isUnsettled,
  oldLanes,
} from '../../../../stages/store/cleanup.ts';
import { questionKey } from '../../../../stages/store/question-key.ts';
import type { ReplayPlan } from '../../../../stages/store/replay-plan.ts';
import type { Repositories } from '../../../../stages/store/repositories/repositories.ts';
import type { LaneName, WorkKey } from '../../../../streams/work/work.ts';
import type { Database } from '../database.ts';
import { ALL_WORK_TABLES } from '../schema.ts';
import { laneScope, runScope } from '../work/question-table.ts';
import { countOldSteps, dropOldSteps, dropStepsOf } from './old-steps.ts';

/** Rows per transaction: nobody else has to wait longer than for these. */
const ROWS_PER_WRITE = 500;
const MINUTE_MS = 60_000;
const KEYED = [
  'questions',
  ...ALL_WORK_TABLES,
  'steps',
  'decisions',
  'dataset',
  'rejections',
  'retractions',
  'desk',
  'dead_letters',
  'shadow_verdicts',
];

/** What is old and settled in a SQLite file. */
export class SqliteCleanup implements CleanupRepository {
  readonly #db: Database;
  readonly #repositories: Pick<Repositories, 'lanes' | 'replays'>;

  constructor(db: Database, repositories: Pick<Repositories, 'lanes' | 'replays'>) {
    this.#db = db;
    this.#repositories = repositories;
  }

  async idleLanes(before: Date): Promise<readonly IdleLane[]> {
    const lanes = await this.#repositories.lanes.list();
    return oldLanes(lanes, await this.openReplays(), before)
      .filter((name) => this.#isIdle(name, before))
      .map((name) => ({ name, questions: this.#questionsOf(name) }));
  }

  async busyLanes(): Promise<readonly LaneName[]> {
    const rows = this.#db
      .prepare(
        "SELECT substr(scope, 6) AS lane, status FROM status_counts WHERE scope GLOB 'lane:*' AND n > 0",
      )
      .all();
    const busy = rows.filter(({ status }) => isUnsettled(String(status))).map(({ lane }) => String(lane));
    return [...new Set(busy)].filter((lane) => lane !== MAIN_LANE).map((lane) => lane as LaneName);
  }

  async dropLane(name: LaneName): Promise<void> {
    for (const table of KEYED)
      await this.#deleteSlowly(
        `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE id >= ? AND id < ? LIMIT ?)`,
        `${name}/`,
        `${name}0`,
      );
    await this.#deleteSlowly(
      'DELETE FROM evidence_uses WHERE id IN (SELECT id FROM evidence_uses WHERE lane = ? LIMIT ?)',
      name,
    );
    const shadow = shadowOfLane(name);
    if (shadow !== undefined)
      await this.#deleteSlowly(
        'DELETE FROM shadow_verdicts WHERE id IN (SELECT id FROM shadow_verdicts WHERE shadow = ? LIMIT ?)',
        shadow,
      );
    const runs = this.#db.prepare('SELECT id FROM runs WHERE lane = ?').all(name);
    for (const { id } of runs)
      await this.#deleteSlowly(
        `DELETE FROM submissions WHERE (question_id, lane, run) IN (
           SELECT question_id, lane, run FROM submissions WHERE run = ? AND lane = ? LIMIT ?)`,
        String(id),
        name,
      );
    await this.#db.write(() => {
      for (const { id } of runs)
        this.#db.prepare('DELETE FROM status_counts WHERE scope = ?').run(runScope(String(id)));
      this.#db.prepare('DELETE FROM status_counts WHERE scope = ?').run(laneScope(name));
      for (const table of ['runs', 'ends_per_minute', 'tallies'])
        this.#db.prepare(`DELETE FROM ${table} WHERE lane = ?`).run(name);
      this.#db.prepare('DELETE FROM replays WHERE name = ?').run(name);
      this.#db.prepare('DELETE FROM lanes WHERE name = ?').run(name);
    });
  }

  async countClosedDeadLetters(before: Date): Promise<number> {
    const count = this.#db.prepare(
      "SELECT count(*) AS n FROM dead_letters WHERE state = 'closed' AND coalesce(closed_at, at) < ?",
    );
    return Number(count.get(before.toISOString())?.['n'] ?? 0);
  }

  dropClosedDeadLetters(before: Date): Promise<number> {
    return this.#deleteSlowly(
      `DELETE FROM dead_letters WHERE id IN (
         SELECT id FROM dead_letters WHERE state = 'closed' AND coalesce(closed_at, at) < ? LIMIT ?)`,
      before.toISOString(),
    );
  }

  async countOldSteps(before: Date): Promise<number> {
    return countOldSteps(this.#db, before);
  }

  dropOldSteps(before: Date): Promise<number> {
    return dropOldSteps(this.#db, before);
  }

  dropStepsOf(of: Pick<WorkKey, 'lane' | 'questionId'>): Promise<void> {
    return dropStepsOf(this.#db, questionKey(of));
  }

  openReplays(): Promise<readonly ReplayPlan[]> {
    return this.#repositories.replays.unread();
  }

  #isIdle(lane: string, before: Date): boolean {
    const counts = this.#db
      .prepare('SELECT status FROM status_counts WHERE scope = ? AND n > 0')
      .all(laneScope(lane));
    if (counts.some(({ status }) => isUnsettled(String(status)))) return false;
    // Where every question has ended, the last end is the last that happened.
    const ended = this.#db.prepare('SELECT max(minute) AS minute FROM ends_per_minute WHERE lane = ?');
    if ((Number(ended.get(lane)?.['minute'] ?? -1) + 1) * MINUTE_MS > before.getTime()) return false;
    const open = this.#db.prepare(
      "SELECT 1 FROM dead_letters WHERE id >= ? AND id < ? AND state <> 'closed'",
    );
    return open.get(`${lane}/`, `${lane}0`) === undefined;
  }

  #questionsOf(lane: string): number {
    const sum = this.#db.prepare('SELECT sum(n) AS n FROM status_counts WHERE scope = ?');
    return Number(sum.get(laneScope(lane))?.['n'] ?? 0);
  }

  /** @param sql ends with the limit of its rows. */
  async #deleteSlowly(sql: string, ...parameters: readonly string[]): Promise<number> {
    const remove = this.#db.prepare(sql);
    for (let total = 0; ; ) {
      const { changes } = await this.#db.write(() => remove.run(...parameters, ROWS_PER_WRITE));
      total += Number(changes);
      if (Number(changes) < ROWS_PER_WRITE) return total;
    }
  }
}
