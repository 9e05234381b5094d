import type { Question, Submission } from '../../stages/question.ts';
import { isEnd, rankOf } from '../../stages/status.ts';
import type { QuestionStore, QuestionStored } from '../../stages/store.ts';
import type { StatusMove } from '../../streams/question-book.ts';
import type { Claim, Finished, Token, WorkId, WorkKey } from '../../streams/work.ts';
import { Bulk } from './bulk.ts';
import type { Collections } from './collections.ts';
import { classifyMongo } from './mongo-failure.ts';

type Accepted = Readonly<{ work: WorkKey; question: Question; submission: Submission | undefined }>;

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

export function questionKey({ lane, questionId }: Pick<WorkKey, 'lane' | 'questionId'>): string {
  return `${lane}/${questionId}`;
}

/** Where each question stands, who asked it, and the store of stage 1. */
export class MongoQuestions implements QuestionStore {
  readonly #collections: Collections;
  readonly #accepts: Bulk<Accepted, true>;
  readonly #moves: Bulk<StatusMove, true>;

  constructor(collections: Collections) {
    this.#collections = collections;
    this.#accepts = new Bulk('storing questions', (accepted) => this.#acceptAll(accepted));
    this.#moves = new Bulk('moving the status', (moves) => this.#moveAll(moves));
  }

  async accept(work: WorkKey, question: Question, submission: Submission | undefined): Promise<void> {
    await this.#accepts.add({ work, question, submission });
  }

  /** Forward only: a move to a rank that is not higher changes nothing. */
  async move(move: StatusMove): Promise<void> {
    await this.#moves.add(move);
  }

  async claim(work: WorkKey): Promise<Claim<QuestionStored>> {
    const filter = { _id: questionKey(work) };
    const found = await this.#doing('reading a question', () =>
      this.#collections.questions.findOne(filter, { projection: { published: 1 } }),
    );
    return found?.published === true
      ? { kind: 'done', finished: STORED, published: true }
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
    const ids = workIds.map((workId) => workId.split('/', 2).join('/'));
    await this.#doing('marking as published', () =>
      this.#collections.questions.updateMany({ _id: { $in: ids } }, { $set: { published: true } }),
    );
  }

  async #acceptAll(accepted: readonly Accepted[]): Promise<readonly true[]> {
    const { questions, submissions } = this.#collections;
    const at = new Date();
    await questions.bulkWrite(
      accepted.map(({ work, question }) => ({
        updateOne: {
          filter: { _id: questionKey(work) },
          update: { $setOnInsert: newQuestion(work, question, at) },
          upsert: true,
        },
      })),
      { ordered: false },
    );
    const asked = accepted.flatMap(({ work, submission }) =>
      submission === undefined ? [] : [{ work, submission }],
    );
    if (asked.length > 0) {
      await submissions.bulkWrite(
        asked.map(({ work, submission }) => ({
          updateOne: {
            filter: { _id: `${submission.run}/${work.questionId}` },
            update: { $setOnInsert: newSubmission(work, submission) },
            upsert: true,
          },
        })),
        { ordered: false },
      );
      await this.#copyStatuses(asked.map(({ work }) => work));
    }
    return accepted.map(() => true);
  }

  /** A question that is known already may be anywhere. Inserted first and copied second: a move in between is not lost. */
  async #copyStatuses(works: readonly WorkKey[]): Promise<void> {
    const { questions, submissions } = this.#collections;
    const ids = works.map(questionKey);
    const standing = await questions
      .find({ _id: { $in: ids }, rank: { $gt: 0 } }, { projection: { question: 0 } })
      .toArray();
    if (standing.length === 0) return;
    await submissions.bulkWrite(
      standing.map(({ questionId, lane, status, rank }) => ({
        updateMany: { filter: { questionId, lane, rank: { $lt: rank } }, update: { $set: { status, rank } } },
      })),
      { ordered: false },
    );
  }

  async #moveAll(moves: readonly StatusMove[]): Promise<readonly true[]> {
    const { questions, submissions } = this.#collections;
    const updatedAt = new Date();
    const ranked = moves.map(({ work, status }) => ({ work, status, rank: rankOf(status, work) }));
    await questions.bulkWrite(
      ranked.map(({ work, status, rank }) => ({
        updateOne: {
          filter: { _id: questionKey(work), rank: { $lt: rank } },
          update: { $set: { status, rank, updatedAt, endedAt: isEnd(status) ? updatedAt : null } },
        },
      })),
      { ordered: false },
    );
    await submissions.bulkWrite(
      ranked.map(({ work: { questionId, lane }, status, rank }) => ({
        updateMany: { filter: { questionId, lane, rank: { $lt: rank } }, update: { $set: { status, rank } } },
      })),
      { ordered: false },
    );
    return moves.map(() => true);
  }

  async #doing<T>(doing: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw classifyMongo(error, doing);
    }
  }
}

function newQuestion({ lane, questionId }: WorkKey, question: Question, updatedAt: Date) {
  return {
    lane,
    questionId,
    question,
    status: 'pending',
    rank: 0,
    published: false,
    updatedAt,
    endedAt: null,
  };
}

function newSubmission({ lane, questionId }: WorkKey, { run, position, id, metadata }: Submission) {
  const named = { id: id ?? null, metadata: metadata === undefined ? null : JSON.stringify(metadata) };
  return { run, questionId, lane, position, ...named, status: 'pending', rank: 0 };
}
