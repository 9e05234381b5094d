import { z } from 'zod';
import { ENDS } from '../../../../streams/delivery/question-status.ts';
import type { LaneName, QuestionId, WorkId } from '../../../../streams/work/work.ts';
import { type AgentStage, agentStages, byAgent } from '../../../stage-names.ts';
import { driveOfRank } from '../../../status.ts';
import { questionKey } from '../../question-key.ts';
import {
  type DatasetQuery,
  type DatasetRow,
  type History,
  type NamedQuestion,
  NO_TALLY,
  type Outcome,
  type Progress,
  type QuestionOfLane,
  type Reports,
  type StageTally,
  type StatusCounts,
} from '../../store.ts';
import { pagesOf } from '../../table/pages.ts';
import { jsonText, readStored } from '../../table/read-stored.ts';
import { type Tables, tableOf } from '../../table/table.ts';
import type { DeadLetters } from '../dead-letters.ts';
import { outcomeRows, outcomesOf } from './dataset-rows.ts';
import { Histories } from './histories.ts';
import { QUESTIONS, questionRow } from './question-tables.ts';

const GENERATED = tableOf('generations', { id: 'text', state: 'word' }, { result: 'text' });

const candidateRow = z.object({ id: z.string(), result: jsonText(z.unknown()) });

const MINUTE_MS = 60_000;

/** What people ask about questions and what came of them. How much a lane has done is counted by each engine in its own way. */
export abstract class QuestionReports implements Reports {
  readonly #tables: Tables;
  readonly #histories: Histories;

  constructor(tables: Tables, deadLetters: DeadLetters) {
    this.#tables = tables;
    this.#histories = new Histories(tables, deadLetters);
  }

  abstract counts(lane: LaneName): Promise<StatusCounts>;
  abstract approvalTimesMs(lane: LaneName, most: number): Promise<readonly number[]>;
  abstract recipes(lane: LaneName, stage: AgentStage): Promise<ReadonlyMap<string, number>>;
  protected abstract tally(lane: LaneName, stage: AgentStage): Promise<StageTally>;

  /** Each counts on by itself: together they take as long as the longest. */
  async progress(lane: LaneName): Promise<Progress> {
    const agents = agentStages();
    const [questions, endedLastMinute, ...tallies] = await Promise.all([
      this.counts(lane),
      this.endedLastMinute(lane),
      ...agents.map((stage) => this.tally(lane, stage)),
    ]);
    const stages = byAgent((stage) => tallies[agents.indexOf(stage)] ?? NO_TALLY);
    return { questions, stages, endedLastMinute };
  }

  histories(idPrefix: string): Promise<readonly History[]> {
    return this.#histories.beginningWith(idPrefix);
  }

  namedBy(beginning: string): Promise<readonly NamedQuestion[]> {
    return this.#histories.namedBy(beginning);
  }

  async outcome(lane: LaneName, questionId: QuestionId): Promise<Outcome | undefined> {
    const status = await this.statusOf(lane, questionId);
    if (status === undefined) return undefined;
    const key = questionKey({ lane, questionId });
    const verdict = status === 'approved' ? status : 'rejected';
    return { status, example: (await outcomesOf(this.#tables, verdict, [key])).get(key) };
  }

  async driveOf(lane: LaneName, questionId: QuestionId): Promise<number> {
    return driveOfRank((await this.#question(lane, questionId))?.rank ?? 0);
  }

  async statusOf(lane: LaneName, questionId: QuestionId): Promise<string | undefined> {
    return (await this.#question(lane, questionId))?.status;
  }

  async *questionsOf(lane: LaneName): AsyncGenerator<QuestionOfLane> {
    const query = { where: { id: { startsWith: `${lane}/` } }, order: ['id'] } as const;
    for await (const rows of pagesOf(this.#tables, QUESTIONS, query)) {
      const questions = rows.map((row) => readStored(questionRow, row));
      const keysOf = (verdict: string) =>
        questions.filter(({ status }) => status === verdict).map(({ id }) => id);
      const approved = await outcomesOf(this.#tables, 'approved', keysOf('approved'));
      const rejected = await outcomesOf(this.#tables, 'rejected', keysOf('rejected'));
      for (const { id, questionId, question, status } of questions)
        yield { questionId, question, status, review: (approved.get(id) ?? rejected.get(id))?.review };
    }
  }

  dataset(query: DatasetQuery): AsyncIterable<DatasetRow> {
    return outcomeRows(this.#tables, query);
  }

  async candidates(workIds: readonly WorkId[]): Promise<ReadonlyMap<WorkId, unknown>> {
    const rows = await this.#tables.page(GENERATED, { where: { id: { in: workIds }, state: 'done' } });
    const results = new Map(
      rows.map((row) => readStored(candidateRow, row)).map(({ id, result }) => [id, result]),
    );
    return new Map(workIds.filter((id) => results.has(id)).map((id) => [id, results.get(id)]));
  }

  protected endedLastMinute(lane: LaneName): Promise<number> {
    const endedAt = { gte: new Date(Date.now() - MINUTE_MS).toISOString() };
    return this.#tables.count(QUESTIONS, { lane, status: { in: ENDS }, endedAt });
  }

  async #question(lane: LaneName, questionId: QuestionId) {
    const row = await this.#tables.get(QUESTIONS, questionKey({ lane, questionId }));
    return row === undefined ? undefined : readStored(questionRow, row);
  }
}
