import type { z } from 'zod';
import type { CleanupBook } from '../../stages/cleanup.ts';
import type { VersionBook } from '../../stages/dataset-version.ts';
import type { Decision } from '../../stages/decision.ts';
import type { DeskBook } from '../../stages/desk.ts';
import {
  type Example,
  type Research,
  type Review,
  researchSchema,
  reviewSchema,
} from '../../stages/example.ts';
import type { ForgottenBook } from '../../stages/forgotten.ts';
import { NO_JOURNAL_NOTES } from '../../stages/journal-book.ts';
import type { LaneBook } from '../../stages/lane.ts';
import type { LetterBook } from '../../stages/letters.ts';
import type { PauseBook } from '../../stages/pause-book.ts';
import type { QuestionList } from '../../stages/question-list.ts';
import type { ReplayBook } from '../../stages/replay-plan.ts';
import type { ShadowBook } from '../../stages/shadow/shadow-book.ts';
import type { QuestionStore, Reports, RunBook, Store } from '../../stages/store.ts';
import type { WorkerBook } from '../../stages/worker-book.ts';
import type { DeadLetter } from '../../streams/dead-letter.ts';
import type { StatusMove } from '../../streams/question-book.ts';
import type { SpendBook } from '../../streams/spend-book.ts';
import type { WorkStore } from '../../streams/work.ts';
import { FreeStore } from '../stored/free-store.ts';
import { readStored } from '../stored/read-stored.ts';
import { ClaimOwner } from './claim-owner.ts';
import { Counters } from './counters.ts';
import type { Database } from './database.ts';
import { DeadLetterTable } from './dead-letter-table.ts';
import { QuestionTable } from './question-table.ts';
import { WORK_TABLES } from './schema.ts';
import { SqliteLaneBook, SqliteRunBook } from './sqlite-books.ts';
import { SqliteCleanup } from './sqlite-cleanup.ts';
import { SqliteDesk } from './sqlite-desk.ts';
import { SqliteForgotten } from './sqlite-forgotten.ts';
import { SqliteLetterBook } from './sqlite-letter-book.ts';
import { SqliteOutcomeStore } from './sqlite-outcome-store.ts';
import { SqlitePauseBook } from './sqlite-pause-book.ts';
import { SqliteQuestionList } from './sqlite-question-list.ts';
import { SqliteQuestionStore } from './sqlite-question-store.ts';
import { SqliteReplayBook } from './sqlite-replay-book.ts';
import { SqliteReports } from './sqlite-reports.ts';
import { SqliteShadowBook } from './sqlite-shadow-book.ts';
import { SqliteSpendBook } from './sqlite-spend-book.ts';
import { SqliteVersionBook } from './sqlite-version-book.ts';
import { SqliteWorkStore } from './sqlite-work-store.ts';
import { SqliteWorkerBook } from './sqlite-worker-book.ts';

/** The Store on one SQLite file. */
export class EmbeddedStore implements Store {
  readonly questions: QuestionStore;
  readonly research: WorkStore<Research>;
  readonly generations: WorkStore<unknown>;
  readonly reviews: WorkStore<Review>;
  readonly dataset: WorkStore<Example>;
  readonly verdicts: WorkStore<Decision>;
  readonly runs: RunBook;
  readonly lanes: LaneBook;
  readonly replays: ReplayBook;
  readonly versions: VersionBook;
  readonly shadows: ShadowBook;
  readonly spending: SpendBook;
  readonly reports: Reports;
  readonly forgotten: ForgottenBook;
  readonly cleanup: CleanupBook;
  readonly letters: LetterBook;
  readonly workers: WorkerBook;
  readonly journals = NO_JOURNAL_NOTES;
  readonly list: QuestionList;
  readonly desk: DeskBook;
  readonly pauses: PauseBook;
  readonly #db: Database;
  readonly #table: QuestionTable;
  readonly #desk: SqliteDesk;
  readonly #deadLetters: DeadLetterTable;

  constructor(db: Database) {
    const counters = new Counters(db);
    const owner = new ClaimOwner();
    const letters = new DeadLetterTable(db);
    const paid = <Result>(stage: keyof typeof WORK_TABLES, parse: (value: unknown) => Result) =>
      new SqliteWorkStore(db, { counters, owner, letters }, { stage, table: WORK_TABLES[stage] }, parse);
    this.#db = db;
    this.#table = new QuestionTable(db, counters);
    this.#deadLetters = letters;
    this.letters = new SqliteLetterBook(db);
    this.questions = new SqliteQuestionStore(db, this.#table);
    this.research = paid('research', parser(researchSchema));
    this.generations = paid('generation', (candidate) => candidate);
    this.reviews = paid('review', parser(reviewSchema));
    this.dataset = new SqliteOutcomeStore(db);
    this.runs = new SqliteRunBook(db);
    this.lanes = new SqliteLaneBook(db);
    this.pauses = new SqlitePauseBook(db);
    this.replays = new SqliteReplayBook(db);
    this.versions = new SqliteVersionBook(db);
    this.cleanup = new SqliteCleanup(db);
    this.forgotten = new SqliteForgotten(db, counters);
    this.verdicts = new FreeStore(this.forgotten);
    this.shadows = new SqliteShadowBook(db);
    this.spending = new SqliteSpendBook(db);
    this.workers = new SqliteWorkerBook(db);
    this.list = new SqliteQuestionList(db);
    this.#desk = new SqliteDesk(db);
    this.desk = this.#desk;
    this.reports = new SqliteReports(db, letters);
  }

  async move({ work, status, waiting }: StatusMove): Promise<void> {
    await this.#db.write(() => {
      if (waiting !== undefined) this.#desk.putNow(work, waiting);
      this.#table.move(work, status);
    });
  }

  putDeadLetter(letter: DeadLetter): Promise<void> {
    return this.#deadLetters.put(letter);
  }

  closeDeadLetter(id: string): Promise<void> {
    return this.#deadLetters.close(id);
  }

  async close(): Promise<void> {}
}

function parser<Result>(schema: z.ZodType<Result>): (value: unknown) => Result {
  return (value) => readStored(schema, value);
}
