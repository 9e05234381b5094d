import { z } from 'zod';
import type { AgentStage } from '../../../../src/stages/stage-names.ts';
import type { DeadLetters } from '../../../../src/stages/store/repositories/dead-letters.ts';
import { QuestionReports } from '../../../../src/stages/store/repositories/reports/question-reports.ts';
import { Runs } from '../../../../src/stages/store/repositories/runs.ts';
import { statusCounts } from '../../../../src/stages/store/status-counts.ts';
import type { StageTally, StatusCounts } from '../../../../src/stages/store/store.ts';
import { readStored } from '../../../../src/stages/store/table/read-stored.ts';
import type { Where } from '../../../../src/stages/store/table/table.ts';
import { keptBy } from '../../../../src/stages/table.ts';
import type { LaneName } from '../../../../src/streams/work/work.ts';
import { QUESTIONS, SUBMISSIONS } from './questions.ts';
import type { MemoryTables } from './tables.ts';
import { WORKS } from './works.ts';

const statusRow = z.object({ status: z.string(), count: z.number() });
const recipeRow = z.object({ recipe: z.string(), count: z.number() });
const SUMS = ['failed', 'input', 'output', 'cached', 'reasoning', 'spentUsd', 'unpriced'] as const;
const tallyRow = z.object({
  ...{ state: z.string(), count: z.number(), failed: z.number(), input: z.number(), output: z.number() },
  ...{ cached: z.number(), reasoning: z.number(), spentUsd: z.number(), unpriced: z.number() },
});

/** What people ask about: counted anew each time. */
export class MemoryReports extends QuestionReports {
  readonly #tables: MemoryTables;

  constructor(tables: MemoryTables, deadLetters: DeadLetters) {
    super(tables, deadLetters);
    this.#tables = tables;
  }

  counts(lane: LaneName): Promise<StatusCounts> {
    return countsOf(this.#tables, { lane });
  }

  async approvalTimesMs(lane: LaneName, most: number): Promise<readonly number[]> {
    const where = { lane, status: 'approved' };
    const page = { where, order: ['updatedAt', 'id'], reverse: true, limit: most } as const;
    const approved = await this.#tables.page(QUESTIONS, page);
    const msOf = (moment: unknown) => Date.parse(String(moment));
    return approved.map(({ addedAt, updatedAt }) => msOf(updatedAt) - msOf(addedAt));
  }

  async recipes(lane: LaneName, stage: AgentStage): Promise<ReadonlyMap<string, number>> {
    const done = { where: { lane, stage, state: 'done' }, by: ['recipe'] } as const;
    const rows = await this.#tables.tally(WORKS[keptBy(stage)], done);
    const counts = rows.map((row) => readStored(recipeRow, row));
    return new Map(counts.map(({ recipe, count }) => [recipe, count]));
  }

  protected async tally(lane: LaneName, stage: AgentStage): Promise<StageTally> {
    const of = { where: { lane, stage }, by: ['state'], sums: SUMS } as const;
    const rows = await this.#tables.tally(WORKS[keptBy(stage)], of);
    const states = rows.map((row) => readStored(tallyRow, row));
    const sum = (field: (typeof SUMS)[number]) => states.reduce((total, row) => total + row[field], 0);
    const countOf = (state: string) => states.find((row) => row.state === state)?.count ?? 0;
    return {
      ...{ done: countOf('done'), dead: countOf('dead'), failedAttempts: sum('failed') },
      usage: {
        ...{ input: sum('input'), output: sum('output') },
        ...{ cached: sum('cached'), reasoning: sum('reasoning') },
      },
      ...{ costUsd: sum('spentUsd'), unpricedCalls: sum('unpriced') },
    };
  }
}

/** The runs and where their questions stand. */
export class MemoryRuns extends Runs {
  readonly #tables: MemoryTables;

  constructor(tables: MemoryTables) {
    super(tables);
    this.#tables = tables;
  }

  async counts(run: string): Promise<StatusCounts> {
    return countsOf(this.#tables, { id: { in: await this.#askedBy(run) } });
  }

  protected async topicRows(run: string): Promise<readonly unknown[]> {
    const where = { id: { in: await this.#askedBy(run) } };
    return this.#tables.tally(QUESTIONS, { where, by: ['topic', 'subTopic', 'status'] });
  }

  async #askedBy(run: string): Promise<readonly string[]> {
    const asked = await this.#tables.page(SUBMISSIONS, { where: { run } });
    return asked.map(({ lane, questionId }) => `${lane}/${questionId}`);
  }
}

async function countsOf(tables: MemoryTables, where: Where<(typeof QUESTIONS)['fields']>) {
  const rows = await tables.tally(QUESTIONS, { where, by: ['status'] });
  const counts = rows.map((row) => readStored(statusRow, row));
  return statusCounts(counts.map(({ status, count }) => [status, count]));
}
