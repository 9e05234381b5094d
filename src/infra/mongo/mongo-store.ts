import type { Db, MongoClient } from 'mongodb';
import { z } from 'zod';
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
import type { JournalBook } from '../../stages/journal-book.ts';
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
import { collectionsOf } from './collections.ts';
import { connect, type MongoTimeouts, TIMEOUTS } from './connect.ts';
import { ForgottenMarks } from './forgotten-marks.ts';
import { eraseAll } from './held-documents.ts';
import { MongoLaneBook, MongoRunBook } from './mongo-books.ts';
import { MongoCleanup } from './mongo-cleanup.ts';
import { MongoDeadLetters } from './mongo-dead-letters.ts';
import { MongoDesk } from './mongo-desk.ts';
import { MongoForgotten } from './mongo-forgotten.ts';
import { MongoJournalBook } from './mongo-journal-book.ts';
import { MongoLetterBook } from './mongo-letter-book.ts';
import { MongoOutcomeStore } from './mongo-outcome-store.ts';
import { MongoPauseBook } from './mongo-pause-book.ts';
import { MongoQuestionList } from './mongo-question-list.ts';
import { MongoQuestions } from './mongo-questions.ts';
import { MongoReplayBook } from './mongo-replay-book.ts';
import { MongoReports } from './mongo-reports.ts';
import { MongoShadowBook } from './mongo-shadow-book.ts';
import { MongoSpendBook } from './mongo-spend-book.ts';
import { MongoVersionBook } from './mongo-version-book.ts';
import { MongoWorkStore } from './mongo-work-store.ts';
import { MongoWorkerBook } from './mongo-worker-book.ts';
import { operation } from './operation.ts';
import { prepareCollections } from './prepare-collections.ts';
import { Standing } from './standing.ts';
import { refuseNewer, writeVersion } from './store-version.ts';
import { TokenSource } from './token-source.ts';

export type MongoStoreOptions = Readonly<{
  /** `mongodb://…` or `mongodb+srv://…`; a replica set, or writes are not safe from a failover. */
  uri: string;
  /** Name of the database. */
  namespace: string;
  timeouts?: Partial<MongoTimeouts>;
  /** How long a claim of this process stands without a sign of life: it is written beside the claim. */
  leaseMs?: number | undefined;
  /** Whether work is done: then a clock an hour off is fatal. Default: no. */
  works?: boolean | undefined;
  /** Hears, once at the start, what this server cannot give. */
  onNotice?(notice: string): void;
}>;

/** The Store on MongoDB: one database, for any number of processes at once. */
export class MongoStore implements Store {
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
  readonly journals: JournalBook;
  readonly list: QuestionList;
  readonly desk: DeskBook;
  readonly pauses: PauseBook;
  readonly #client: MongoClient;
  readonly #standing: Standing;
  readonly #deadLetters: MongoDeadLetters;

  constructor(client: MongoClient, db: Db, leaseMs?: number) {
    const collections = collectionsOf(db);
    const marks = new ForgottenMarks(collections.forgotten, (ids) => eraseAll(collections, ids));
    const letters = new MongoDeadLetters(collections.deadLetters, marks);
    const tokens = new TokenSource();
    this.#client = client;
    this.#standing = new Standing(collections, marks);
    this.#deadLetters = letters;
    this.questions = new MongoQuestions(collections.questions, this.#standing, marks);
    this.research = new MongoWorkStore({
      works: collections.research,
      tokens,
      letters,
      marks,
      schema: researchSchema,
      leaseMs,
    });
    this.generations = new MongoWorkStore({
      works: collections.generations,
      tokens,
      letters,
      marks,
      schema: z.unknown(),
      leaseMs,
    });
    this.reviews = new MongoWorkStore({
      works: collections.reviews,
      tokens,
      letters,
      marks,
      schema: reviewSchema,
      leaseMs,
    });
    this.dataset = new MongoOutcomeStore(collections, marks);
    this.runs = new MongoRunBook(collections);
    this.lanes = new MongoLaneBook(collections.lanes);
    this.pauses = new MongoPauseBook(collections.pauses);
    this.replays = new MongoReplayBook(collections.replays);
    this.versions = new MongoVersionBook(collections.versions);
    this.shadows = new MongoShadowBook(collections, marks);
    this.spending = new MongoSpendBook(collections.spending);
    this.letters = new MongoLetterBook(collections.deadLetters);
    this.cleanup = new MongoCleanup(collections);
    this.forgotten = new MongoForgotten(collections);
    this.verdicts = new FreeStore(this.forgotten);
    this.workers = new MongoWorkerBook(collections.workers);
    this.journals = new MongoJournalBook(collections.journals);
    this.list = new MongoQuestionList(collections);
    this.desk = new MongoDesk(collections.desk, collections.decisions, marks);
    this.reports = new MongoReports(collections, letters);
  }

  /** Who waits is in the queue before the status says so. */
  async move(move: StatusMove): Promise<void> {
    if (move.waiting !== undefined) await this.desk.put(move.work, move.waiting);
    await this.#standing.move(move);
  }

  putDeadLetter(letter: DeadLetter): Promise<void> {
    return this.#deadLetters.put(letter);
  }

  closeDeadLetter(id: string): Promise<void> {
    return this.#deadLetters.close(id);
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}

/** Connects, and makes collections, validators and indexes that are missing. Rejects with a Failure. */
export async function openMongoStore(options: MongoStoreOptions): Promise<MongoStore> {
  const { uri, namespace, timeouts, onNotice = () => undefined } = options;
  const client = await connect(uri, { ...TIMEOUTS, ...timeouts }, onNotice, options.works);
  try {
    const db = client.db(namespace);
    await operation('looking at the version', () => refuseNewer(db), 'start');
    await operation('preparing the collections', () => prepareCollections(db), 'start');
    await operation('writing down the version', () => writeVersion(db), 'start');
    return new MongoStore(client, db, options.leaseMs);
  } catch (error) {
    await client.close();
    throw error;
  }
}
