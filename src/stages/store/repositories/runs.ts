import { z } from 'zod';
import type { LaneName, QuestionId } from '../../../streams/work/work.ts';
import type { Question, Submission } from '../../question.ts';
import { questionKey } from '../question-key.ts';
import type { RunInfo, RunRepository, StatusCounts, TopicCounts } from '../store.ts';
import { branded, readStored } from '../table/read-stored.ts';
import { put, type Tables, tableOf } from '../table/table.ts';
import { QUESTIONS, questionRow } from './reports/question-tables.ts';
import { submissionsIn, submissionsOfRun } from './reports/submissions.ts';
import { topicCounts } from './reports/topic-counts.ts';

/** By id. */
export const RUNS = tableOf('runs', { id: 'text', lane: 'text', startedAt: 'text', input: 'text' });

const runRow: z.ZodType<RunInfo> = z.object({
  ...{ id: z.string(), lane: branded<LaneName>(), startedAt: z.string(), input: z.string() },
});

/** The runs, and what they asked for. Where their questions stand is counted by each engine in its own way. */
export abstract class Runs implements RunRepository {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  abstract counts(run: string): Promise<StatusCounts>;
  /** Rows of `{topic, subTopic, status, count}`: so many questions of the run have that status. */
  protected abstract topicRows(run: string): Promise<readonly unknown[]>;

  async countsByTopic(run: string): Promise<readonly TopicCounts[]> {
    return topicCounts(await this.topicRows(run));
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
