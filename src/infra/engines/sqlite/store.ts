import { z } from 'zod';
import {
  type Example,
  type Research,
  type Review,
  researchSchema,
  reviewSchema,
} from '../../../stages/example.ts';
import type { CleanupRepository } from '../../../stages/store/cleanup.ts';
import type { Decision } from '../../../stages/store/decision.ts';
import { NO_JOURNAL_NOTES } from '../../../stages/store/journal-repository.ts';
import type { QuestionList } from '../../../stages/store/question-list.ts';
import { NewestFirst } from '../../../stages/store/repositories/reports/newest-first.ts';
import { Repositories } from '../../../stages/store/repositories/repositories.ts';
import { queueing } from '../../../stages/store/repositories/review-queue.ts';
import type { Reports, RunRepository, Store } from '../../../stages/store/store.ts';
import type { StatusMove } from '../../../streams/delivery/status-repository.ts';
import type { WorkStore } from '../../../streams/work/work.ts';
import { EvidenceStore } from '../stored/evidence-store.ts';
import { PassThroughStore } from '../stored/pass-through-store.ts';
import type { Database } from './database.ts';
import { SqliteReports } from './reports/reports.ts';
import { SqliteCleanup } from './repositories/cleanup.ts';
import { SqliteErasure } from './repositories/erasure.ts';
import { SqliteRuns } from './repositories/runs.ts';
import { WORK_TABLES } from './schema.ts';
import { SqliteTables } from './table/tables.ts';
import { ClaimOwner } from './work/claim-owner.ts';
import { Counters } from './work/counters.ts';
import { DeadLetterClosing } from './work/dead-letter-closing.ts';
import { SqliteOutcomeStore } from './work/outcome-store.ts';
import { SqliteQuestions } from './work/questions.ts';
import { SqliteWorkStore } from './work/work-store.ts';

/** The Store on one SQLite file. */
export class EmbeddedStore extends Repositories implements Store {
  readonly questions: SqliteQuestions;
  readonly research: WorkStore<Research>;
  readonly generations: WorkStore<unknown>;
  readonly reviews: WorkStore<Review>;
  readonly dataset: WorkStore<Example>;
  readonly verdicts: WorkStore<Decision>;
  readonly runs: RunRepository;
  readonly reports: Reports;
  readonly cleanup: CleanupRepository;
  override readonly journals = NO_JOURNAL_NOTES;
  readonly list: QuestionList;
  protected readonly newWorks: (stage: string) => WorkStore<unknown>;
  readonly #db: Database;
  readonly #tables: SqliteTables;

  constructor(db: Database) {
    const tables = new SqliteTables(db);
    const counters = new Counters(db);
    super(tables, new SqliteErasure(db, tables, counters));
    this.#tables = tables;
    const shared = { counters, owner: new ClaimOwner(), deadLetters: new DeadLetterClosing(db) };
    const paid = <Result>(stage: string, table: string, schema: z.ZodType<Result>) =>
      new SqliteWorkStore(db, shared, { stage, table }, schema);
    this.#db = db;
    this.questions = new SqliteQuestions(db, counters);
    this.cleanup = new SqliteCleanup(tables, this);
    const researched = paid('research', WORK_TABLES.research, researchSchema);
    this.research = new EvidenceStore(researched, this.evidence, this.cleanup);
    this.generations = paid('generation', WORK_TABLES.generation, z.unknown());
    this.reviews = paid('review', WORK_TABLES.review, reviewSchema);
    this.dataset = new SqliteOutcomeStore(db);
    this.runs = new SqliteRuns(tables, db);
    this.newWorks = (stage) => paid(stage, 'works', z.unknown());
    this.verdicts = new PassThroughStore(this.forgotten);
    this.list = new NewestFirst(tables, 'all lanes');
    this.reports = new SqliteReports(tables, this.deadLetters, db);
  }

  async move({ work, status, waiting }: StatusMove): Promise<void> {
    await this.#db.write(() => {
      if (waiting !== undefined) this.#tables.writeNow([queueing(work, waiting)], [work.questionId]);
      this.questions.move(work, status);
    });
  }

  async close(): Promise<void> {}
}
