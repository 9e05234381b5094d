import { z } from 'zod';
import { exampleSchema } from '../../../../stages/example.ts';
import { questionSchema } from '../../../../stages/question.ts';
import { type AgentStage, byAgent } from '../../../../stages/stage-names.ts';
import { driveOfRank } from '../../../../stages/status.ts';
import { questionKey } from '../../../../stages/store/question-key.ts';
import type { DeadLetters } from '../../../../stages/store/repositories/dead-letters.ts';
import type {
  DatasetQuery,
  DatasetRow,
  History,
  NamedQuestion,
  Outcome,
  Progress,
  QuestionOfLane,
  Reports,
  StageTally,
  StatusCounts,
} from '../../../../stages/store/store.ts';
import { branded, jsonText, LAST_CHARACTER, readStored } from '../../../../stages/store/table/read-stored.ts';
import type { LaneName, QuestionId, WorkId } from '../../../../streams/work/work.ts';
import type { Database } from '../database.ts';
import { countsIn } from '../repositories/runs.ts';
import { laneScope } from '../work/question-table.ts';
import { readHistoryWorks } from './history.ts';
import { questionsOfLane } from './questions-of-lane.ts';
import { readDatasetRows } from './run-outcomes.ts';
import { submissionRow } from './submission-row.ts';

const MINUTE_MS = 60_000;

const finishedRow = z.object({ finished: jsonText(z.object({ result: exampleSchema })) });
const namedRow = z
  .object({ user_id: z.string(), question_id: branded<QuestionId>() })
  .transform(({ user_id, question_id }): NamedQuestion => ({ userId: user_id, questionId: question_id }));
const candidateRow = z.object({ result: jsonText(z.unknown()) });
const questionRow = z.object({
  lane: z.string(),
  question_id: z.string(),
  status: z.string(),
  question: jsonText(questionSchema),
});

/** What people ask about, read while the stages work. */
export class SqliteReports implements Reports {
  readonly #db: Database;
  readonly #deadLetters: DeadLetters;

  constructor(db: Database, deadLetters: DeadLetters) {
    this.#db = db;
    this.#deadLetters = deadLetters;
  }

  async progress(lane: LaneName): Promise<Progress> {
    return {
      questions: countsIn(this.#db, laneScope(lane)),
      stages: byAgent((stage) => this.#tally(lane, stage)),
      endedLastMinute: this.#endedLastMinute(lane),
    };
  }

  /** Counted by whole minutes: all of the present one, and of the one before the part that is not a minute ago. */
  #endedLastMinute(lane: LaneName): number {
    const minutes = Date.now() / MINUTE_MS;
    const minute = Math.floor(minutes);
    const ends = this.#db.prepare('SELECT n FROM ends_per_minute WHERE lane = ? AND minute = ?');
    const before = Number(ends.get(lane, minute - 1)?.['n'] ?? 0);
    return Number(ends.get(lane, minute)?.['n'] ?? 0) + Math.round(before * (minute + 1 - minutes));
  }

  async counts(lane: LaneName): Promise<StatusCounts> {
    return countsIn(this.#db, laneScope(lane));
  }

  async histories(idPrefix: string): Promise<readonly History[]> {
    const rows = this.#db
      .prepare(
        `SELECT * FROM questions WHERE question_id >= ? AND question_id < ?
         ORDER BY question_id, rowid DESC LIMIT 20`,
      )
      .all(idPrefix, `${idPrefix}~`);
    return Promise.all(rows.map((row) => this.#history(readStored(questionRow, row))));
  }

  async namedBy(beginning: string): Promise<readonly NamedQuestion[]> {
    const rows = this.#db
      .prepare(
        `SELECT DISTINCT user_id, question_id FROM submissions WHERE user_id >= ? AND user_id < ?
         ORDER BY user_id, question_id LIMIT 20`,
      )
      .all(beginning, `${beginning}${LAST_CHARACTER}`);
    return rows.map((row) => readStored(namedRow, row));
  }

  async outcome(lane: LaneName, questionId: QuestionId): Promise<Outcome | undefined> {
    const id = questionKey({ lane, questionId });
    const status = this.#db.prepare('SELECT status FROM questions WHERE id = ?').get(id)?.['status'];
    if (status === undefined) return undefined;
    const table = status === 'approved' ? 'dataset' : 'rejections';
    const row = this.#db
      .prepare(`SELECT coalesce(unpacked(packed), finished) AS finished FROM ${table} WHERE id = ?`)
      .get(id);
    const example = row === undefined ? undefined : readStored(finishedRow, row).finished.result;
    return { status: String(status), example };
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

  async driveOf(lane: LaneName, questionId: QuestionId): Promise<number> {
    const id = questionKey({ lane, questionId });
    return driveOfRank(
      Number(this.#db.prepare('SELECT rank FROM questions WHERE id = ?').get(id)?.['rank'] ?? 0),
    );
  }

  async statusOf(lane: LaneName, questionId: QuestionId): Promise<string | undefined> {
    const id = questionKey({ lane, questionId });
    const status = this.#db.prepare('SELECT status FROM questions WHERE id = ?').get(id)?.['status'];
    return typeof status === 'string' ? status : undefined;
  }

  questionsOf(lane: LaneName): AsyncIterable<QuestionOfLane> {
    return questionsOfLane(this.#db, lane);
  }

  dataset(query: DatasetQuery): AsyncIterable<DatasetRow> {
    return readDatasetRows(this.#db, query);
  }

  async candidates(workIds: readonly WorkId[]): Promise<ReadonlyMap<WorkId, unknown>> {
    const find = this.#db.prepare(
      "SELECT coalesce(unpacked(packed) -> '$.result', result) AS result FROM generations WHERE id = ? AND state = 'done'",
    );
    const found = workIds.map((id) => [id, find.get(id)] as const);
    return new Map(
      found
        .filter(([, row]) => row !== undefined)
        .map(([id, row]) => [id, readStored(candidateRow, row).result]),
    );
  }

  async recipes(lane: LaneName, stage: AgentStage): Promise<ReadonlyMap<string, number>> {
    const rows = this.#db
      .prepare("SELECT recipe, done FROM tallies WHERE lane = ? AND stage = ? AND recipe <> ''")
      .all(lane, stage);
    return new Map(rows.map((row) => [String(row['recipe']), Number(row['done'])]));
  }

  #tally(lane: string, stage: AgentStage): StageTally {
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

  async #history(row: z.output<typeof questionRow>): Promise<History> {
    const { lane, question_id: questionId, status, question } = row;
    const submissions = this.#db
      .prepare('SELECT * FROM submissions WHERE question_id = ? AND lane = ?')
      .all(questionId, lane)
      .map((each) => readStored(submissionRow, each))
      .filter((each) => each !== undefined);
    const works = readHistoryWorks(this.#db, lane, questionId);
    const deadLetters = await this.#deadLetters.ofQuestion(lane, questionId);
    return { lane, questionId, status, question, submissions, works, deadLetters };
  }
}
