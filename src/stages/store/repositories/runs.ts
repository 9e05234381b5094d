import { z } from 'zod';
import type { LaneName, QuestionId } from '../../../streams/work/work.ts';
import type { Question, Submission } from '../../question.ts';
import { questionKey } from '../question-key.ts';
import type { RunInfo, RunRepository } from '../store.ts';
import { branded, readStored } from '../table/read-stored.ts';
import { put, type Tables, tableOf } from '../table/table.ts';
import { QUESTIONS, questionRow } from './reports/question-tables.ts';
import { submissionsIn, submissionsOfRun } from './reports/submissions.ts';

/** By id. */
export const RUNS = tableOf('runs', { id: 'text', lane: 'text', startedAt: 'text', input: 'text' });

const runRow: z.ZodType<RunInfo> = z.object({
  ...{ id: z.string(), lane: branded<LaneName>(), startedAt: z.string(), input: z.string() },
});

/** Where the questions of a run stand: each engine counts in its own way. */
export type RunCounts = Pick<RunRepository, 'counts' | 'countsByTopic'>;

/** The runs, and what they asked for. */
export abstract class Runs implements Omit<RunRepository, keyof RunCounts> {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  async open({ id, lane, startedAt, input }: RunInfo): Promise<void> {
    await this.#tables.write([put(RUNS, { id, lane, startedAt, input })]);
  }

  async includes(run: string, questionId: QuestionId): Promise<boolean> {
    return (await submissionsIn(this.#tables, { where: { run, questionId }, limit: 1 })).length > 0;
  }

  async *pending(run: string): AsyncGenerator<{ question: Question; submission: Submission }> {
    for await (const asked of submissionsOfRun(this.#tables, run)) {
      const where = { id: { in: asked.map(questionKey) }, status: 'pending' };
      const rows = await this.#tables.page(QUESTIONS, { where });
      const pending = new Map(rows.map((row) => readStored(questionRow, row)).map((each) => [each.id, each]));
      for (const each of asked) {
        const question = pending.get(questionKey(each))?.question;
        if (question !== undefined) yield { question, submission: each.submission };
      }
    }
  }

  async latest(): Promise<RunInfo | undefined> {
    const page = { where: {}, order: ['startedAt', 'id'], reverse: true, limit: 1 } as const;
    const [row] = await this.#tables.page(RUNS, page);
    return row === undefined ? undefined : readStored(runRow, row);
  }
}
