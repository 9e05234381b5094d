import type { Db, MongoClient } from 'mongodb';
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
import type { QuestionList } from '../../../stages/store/question-list.ts';
import { NewestFirst } from '../../../stages/store/repositories/reports/newest-first.ts';
import { Repositories } from '../../../stages/store/repositories/repositories.ts';
import type { Reports, RunRepository, Store } from '../../../stages/store/store.ts';
import type { DeadLetter } from '../../../streams/delivery/dead-letter.ts';
import type { StatusMove } from '../../../streams/delivery/status-repository.ts';
import type { WorkStore } from '../../../streams/work/work.ts';
import { EvidenceStore } from '../stored/evidence-store.ts';
import { PassThroughStore } from '../stored/pass-through-store.ts';
import { type Collections, collectionsOf } from './collections.ts';
import type { ConnectOptions } from './connect.ts';
import { keepRollingUp } from './counts/roll-up.ts';
import { openDatabase } from './open-database.ts';
import { MongoReports } from './reports/reports.ts';
import { MongoCleanup } from './repositories/cleanup.ts';
import { MongoErasure } from './repositories/erasure.ts';
import { ForgottenMarks } from './repositories/forgotten-marks.ts';
import { MongoRuns } from './repositories/runs.ts';
import { MongoTables } from './table/tables.ts';
import { DeadLetterClosing } from './work/dead-letter-closing.ts';
import { MongoOutcomeStore } from './work/outcome-store.ts';
import { MongoQuestions } from './work/questions.ts';
import { TokenSource } from './work/token-source.ts';
import { MongoWorkStore } from './work/work-store.ts';

/** `onNotice` hears as well when counts cannot be kept up. */
export type MongoStoreOptions = ConnectOptions &
  Readonly<{
    /** `mongodb://…` or `mongodb+srv://…`; a replica set, or writes are not safe from a failover. */
    uri: string;
    /** Name of the database. */
    namespace: string;
    /** How long a claim of this process stands without a sign of life: it is written beside the claim. */
    leaseMs?: number | undefined;
  }>;

/** The Store on MongoDB: one database, for any number of processes at once. */
export class MongoStore extends Repositories implements Store {
  readonly questions: MongoQuestions;
  readonly research: WorkStore<Research>;
  readonly generations: WorkStore<unknown>;
  readonly reviews: WorkStore<Review>;
  readonly dataset: WorkStore<Example>;
  readonly verdicts: WorkStore<Decision>;
  readonly runs: RunRepository;
  readonly reports: Reports;
  readonly cleanup: CleanupRepository;
  readonly list: QuestionList;
  protected readonly newWorks: () => WorkStore<unknown>;
  readonly #client: MongoClient;
  readonly #closing: DeadLetterClosing;
  readonly #collections: Collections;
  #stopRolling: () => Promise<void> = async () => undefined;

  constructor(client: MongoClient, db: Db, leaseMs?: number) {
    const collections = collectionsOf(db);
    const marks = new ForgottenMarks(collections.forgotten, (ids) => this.forgotten.erase(ids));
    const deadLetters = new DeadLetterClosing(collections.deadLetters);
    const tables = new MongoTables(db, marks);
    super(tables, new MongoErasure(tables, collections));
    this.#client = client;
    this.#collections = collections;
    this.#closing = deadLetters;
    this.questions = new MongoQuestions(collections, marks);
    const parts = { tokens: new TokenSource(), deadLetters, marks, leaseMs };
    const { research, generations, reviews } = collections;
    const researched = new MongoWorkStore({ ...parts, works: research, schema: researchSchema });
    this.cleanup = new MongoCleanup(tables, this, collections);
    this.research = new EvidenceStore(researched, this.evidence, this.cleanup);
    this.generations = new MongoWorkStore({ ...parts, works: generations, schema: z.unknown() });
    this.reviews = new MongoWorkStore({ ...parts, works: reviews, schema: reviewSchema });
    this.newWorks = () =>
      new MongoWorkStore({ ...parts, works: collections.works, schema: z.unknown(), named: true });
    this.dataset = new MongoOutcomeStore(collections, marks);
    this.runs = new MongoRuns(tables, collections);
    this.verdicts = new PassThroughStore(this.forgotten);
    this.list = new NewestFirst(tables);
    this.reports = new MongoReports(tables, this.deadLetters, collections);
  }

  override putDeadLetter(deadLetter: DeadLetter): Promise<void> {
    this.#closing.mayHave(deadLetter.id);
    return super.putDeadLetter(deadLetter);
  }

  /** Who waits is in the queue before the status says so. */
  async move(move: StatusMove): Promise<void> {
    if (move.waiting !== undefined) await this.reviewQueue.put(move.work, move.waiting);
    await this.questions.move(move);
  }

  /** Takes what has come to rest into the counters, beside the work, until the store is closed. */
  keepCounting(onNotice: (text: string) => void): void {
    this.#stopRolling = keepRollingUp(this.#collections, onNotice);
  }

  async close(): Promise<void> {
    await this.#stopRolling();
    await this.#client.close();
  }
}

/** Connects, and makes collections, validators and indexes that are missing. Rejects with a Failure. */
export async function openMongoStore(options: MongoStoreOptions): Promise<MongoStore> {
  const { uri, namespace, leaseMs, works, onNotice = () => undefined } = options;
  const { client, db } = await openDatabase(uri, namespace, options);
  const store = new MongoStore(client, db, leaseMs);
  if (works === true) store.keepCounting(onNotice);
  return store;
}
