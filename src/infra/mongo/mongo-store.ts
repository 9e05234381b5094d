import { type Db, MongoClient } from 'mongodb';
import { z } from 'zod';
import {
  type Example,
  type Research,
  type Review,
  researchSchema,
  reviewSchema,
} from '../../stages/example.ts';
import type { LaneBook } from '../../stages/lane.ts';
import type { QuestionStore, Redrive, Reports, RunBook, Store } from '../../stages/store.ts';
import type { DeadLetter } from '../../streams/dead-letter.ts';
import { Failure } from '../../streams/failure.ts';
import type { StatusMove } from '../../streams/question-book.ts';
import type { WorkStore } from '../../streams/work.ts';
import { collectionsOf, prepareCollections } from './collections.ts';
import { MongoLaneBook, MongoRunBook } from './mongo-books.ts';
import { MongoDeadLetters } from './mongo-dead-letters.ts';
import { classifyMongo } from './mongo-failure.ts';
import { MongoOutcomeStore } from './mongo-outcome-store.ts';
import { MongoQuestions } from './mongo-questions.ts';
import { MongoReports } from './mongo-reports.ts';
import { MongoWorkStore } from './mongo-work-store.ts';
import { TokenSource } from './token-source.ts';

export type MongoStoreOptions = Readonly<{
  /** `mongodb://…` or `mongodb+srv://…`; a replica set, or writes are not safe from a failover. */
  uri: string;
  /** Name of the database. */
  namespace: string;
}>;

/** The Store on MongoDB. */
export class MongoStore implements Store {
  readonly questions: QuestionStore;
  readonly research: WorkStore<Research>;
  readonly generations: WorkStore<unknown>;
  readonly reviews: WorkStore<Review>;
  readonly dataset: WorkStore<Example>;
  readonly runs: RunBook;
  readonly lanes: LaneBook;
  readonly reports: Reports;
  readonly #client: MongoClient;
  readonly #questions: MongoQuestions;
  readonly #deadLetters: MongoDeadLetters;

  constructor(client: MongoClient, db: Db) {
    const collections = collectionsOf(db);
    const tokens = new TokenSource();
    this.#client = client;
    this.#questions = new MongoQuestions(collections);
    this.#deadLetters = new MongoDeadLetters(collections.deadLetters);
    this.questions = this.#questions;
    this.research = new MongoWorkStore(collections.research, tokens, parser(researchSchema));
    this.generations = new MongoWorkStore(collections.generations, tokens, parser(z.unknown()));
    this.reviews = new MongoWorkStore(collections.reviews, tokens, parser(reviewSchema));
    this.dataset = new MongoOutcomeStore(collections.dataset, collections.rejections);
    this.runs = new MongoRunBook(collections);
    this.lanes = new MongoLaneBook(collections.lanes);
    this.reports = new MongoReports(collections, this.#deadLetters);
  }

  move(move: StatusMove): Promise<void> {
    return this.#questions.move(move);
  }

  putDeadLetter(letter: DeadLetter): Promise<void> {
    return this.#deadLetters.put(letter);
  }

  takeDeadLetters(): Promise<readonly Redrive[]> {
    return this.#deadLetters.take();
  }

  closeDeadLetter(id: string): Promise<void> {
    return this.#deadLetters.close(id);
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}

/**
 * Connects, and makes collections, validators and indexes that are missing. Every time-out is set: the driver's own
 * wait for ever on a server that is stopped. Rejects with a Failure.
 */
export async function openMongoStore({ uri, namespace }: MongoStoreOptions): Promise<MongoStore> {
  try {
    const client = new MongoClient(uri, {
      appName: 'millrace',
      connectTimeoutMS: 5_000,
      serverSelectionTimeoutMS: 5_000,
      socketTimeoutMS: 15_000,
      waitQueueTimeoutMS: 5_000,
      maxPoolSize: 20,
      writeConcern: { w: 'majority', wtimeoutMS: 10_000 },
      readPreference: 'primary',
      readConcern: { level: 'majority' },
    });
    await client.connect();
    const db = client.db(namespace);
    await prepareCollections(db);
    return new MongoStore(client, db);
  } catch (error) {
    throw classifyMongo(error, 'connecting');
  }
}

function parser<Result>(schema: z.ZodType<Result>): (value: unknown) => Result {
  return (value) => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new Failure(
      'fatal',
      'unreadable_document',
      `A stored result is not what was written: ${z.prettifyError(parsed.error)}`,
    );
  };
}
