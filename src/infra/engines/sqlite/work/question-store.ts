import type { Question, Submission } from '../../../../stages/question.ts';
import type { QuestionStore, QuestionStored } from '../../../../stages/store/store.ts';
import type { Claim, WorkId, WorkKey } from '../../../../streams/work/work.ts';
import { QUESTION_STORED } from '../../stored/question-stored.ts';
import { UNCLAIMED_WORK, UnclaimedStore } from '../../stored/unclaimed-store.ts';
import type { Database } from '../database.ts';
import type { QuestionTable } from './question-table.ts';

/**
 * The store of stage 1. Its work is free and the same however often it is done, so nothing is claimed: `accept` keeps
 * the question, and the published mark says that research has it.
 */
export class SqliteQuestionStore extends UnclaimedStore<QuestionStored> implements QuestionStore {
  readonly #db: Database;
  readonly #table: QuestionTable;

  constructor(db: Database, table: QuestionTable) {
    super();
    this.#db = db;
    this.#table = table;
  }

  async accept(work: WorkKey, question: Question, submission: Submission | undefined): Promise<void> {
    await this.#db.write(() => this.#table.accept(work, question, submission));
  }

  async claim(work: WorkKey): Promise<Claim<QuestionStored>> {
    if (this.#table.isForgotten(work.questionId)) return { kind: 'forgotten' };
    const published = this.#table.find(work)?.published === true;
    return published ? { kind: 'done', finished: QUESTION_STORED, published } : UNCLAIMED_WORK;
  }

  async complete(): Promise<'stored'> {
    return 'stored';
  }

  async markPublished(workIds: readonly WorkId[]): Promise<void> {
    await this.#db.write(() => {
      for (const workId of workIds) this.#table.markPublished(workId.split('/', 2).join('/'));
    });
  }
}
