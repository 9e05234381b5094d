import type { Question, Submission } from '../../stages/question.ts';
import type { QuestionStore, QuestionStored } from '../../stages/store.ts';
import type { Claim, Finished, Token, WorkId, WorkKey } from '../../streams/work.ts';
import type { Database } from './database.ts';
import type { QuestionTable } from './question-table.ts';

const STORED: Finished<QuestionStored> = {
  result: { stored: true },
  model: '',
  recipe: '',
  usage: { input: 0, output: 0, cached: 0, reasoning: 0 },
  costUsd: 0,
  attempts: [],
};

/** Nothing is claimed, so every holder has the same token. */
const UNCLAIMED = 'unclaimed' as Token;

/**
 * The store of stage 1. Its work is free and the same however often it is done, so nothing is claimed: `accept` keeps
 * the question, and the published mark says that research has it.
 */
export class SqliteQuestionStore implements QuestionStore {
  readonly #db: Database;
  readonly #table: QuestionTable;

  constructor(db: Database, table: QuestionTable) {
    this.#db = db;
    this.#table = table;
  }

  async accept(work: WorkKey, question: Question, submission: Submission | undefined): Promise<void> {
    await this.#db.write(() => this.#table.accept(work, question, submission));
  }

  async claim(work: WorkKey): Promise<Claim<QuestionStored>> {
    const published = this.#table.find(work)?.published === true;
    return published
      ? { kind: 'done', finished: STORED, published }
      : { kind: 'claimed', token: UNCLAIMED, attempts: [] };
  }

  takeOver(work: WorkKey): Promise<Claim<QuestionStored>> {
    return this.claim(work);
  }

  async renew(): Promise<readonly WorkId[]> {
    return [];
  }

  async release(): Promise<void> {}

  async recordAttempt(): Promise<void> {}

  async complete(): Promise<'stored'> {
    return 'stored';
  }

  async bury(): Promise<'stored'> {
    return 'stored';
  }

  async markPublished(workIds: readonly WorkId[]): Promise<void> {
    await this.#db.write(() => {
      for (const workId of workIds) this.#table.markPublished(workId.split('/', 2).join('/'));
    });
  }
}
