import type { Filter } from 'mongodb';
import type { Question, Submission } from '../../../../stages/question.ts';
import { isEnd, rankOf, type Status, standAgainst } from '../../../../stages/status.ts';
import { questionKey, questionKeyOf } from '../../../../stages/store/question-key.ts';
import type { QuestionStore, QuestionStored } from '../../../../stages/store/store.ts';
import type { StatusMove } from '../../../../streams/delivery/status-repository.ts';
import type { Claim, WorkId, WorkKey } from '../../../../streams/work/work.ts';
import { QUESTION_STORED } from '../../stored/question-stored.ts';
import { UNCLAIMED_WORK, UnclaimedStore } from '../../stored/unclaimed-store.ts';
import { Bulk } from '../bulk.ts';
import type { Collections } from '../collections.ts';
import type { QuestionDocument } from '../documents.ts';
import { insertNew } from '../insert-new.ts';
import { operation } from '../operation.ts';
import type { ForgottenMarks } from '../repositories/forgotten-marks.ts';
import { newQuestion, newSubmission } from './question-documents.ts';

/** More than a stage has at hand at once. */
const MOST_NEW = 10_000;

type Accepted = Readonly<{ work: WorkKey; question: Question; submission: Submission | undefined }>;
/** What `accept` found: a question that is `new` was known to nobody before. */
type Found = 'new' | 'known' | 'forgotten';
type RankedMove = Readonly<{ work: WorkKey; status: Status; rank: number }>;

/**
 * The store of stage 1: where each question stands, and who asked it. `accept` keeps the question, and the published mark says that
 * research has it. Writes are safe to repeat; they reject with Failures.
 */
export class MongoQuestions extends UnclaimedStore<QuestionStored> implements QuestionStore {
  readonly #collections: Collections;
  readonly #marks: ForgottenMarks;
  /** Accepted here as the first to know them, and not claimed yet: there is nothing to look for. */
  readonly #new = new Set<string>();
  readonly #accepting: Bulk<Accepted, Found>;
  readonly #looking: Bulk<WorkKey, Claim<QuestionStored>>;
  readonly #moving: Bulk<RankedMove, true>;

  constructor(collections: Collections, marks: ForgottenMarks) {
    super();
    this.#collections = collections;
    this.#marks = marks;
    this.#accepting = new Bulk('storing questions', (accepted) => this.#acceptAll(accepted));
    this.#looking = new Bulk('reading questions', (works) => this.#existingOf(works));
    this.#moving = new Bulk('moving the status', (moves) => this.#moveAll(moves));
  }

  async accept(work: WorkKey, question: Question, submission: Submission | undefined): Promise<void> {
    const found = await this.#accepting.add({ work, question, submission });
    const key = questionKey(work);
    if (found !== 'new') this.#new.delete(key);
    else if (this.#new.size < MOST_NEW) this.#new.add(key);
  }

  async claim(work: WorkKey): Promise<Claim<QuestionStored>> {
    return this.#new.delete(questionKey(work)) ? UNCLAIMED_WORK : this.#looking.add(work);
  }

  async markPublished(workIds: readonly WorkId[]): Promise<void> {
    const ids = workIds.map(questionKeyOf);
    await operation('marking as published', () =>
      this.#collections.questions.updateMany({ _id: { $in: ids } }, { $set: { published: true } }),
    );
  }

  /** Forward only: a move to a rank that is not higher changes nothing. */
  async move({ work, status }: StatusMove): Promise<void> {
    await this.#moving.add({ work, status, rank: rankOf(status, work) });
  }

  /** What was said comes first: a question counts for a run only once the rest of it is there. */
  async #acceptAll(accepted: readonly Accepted[]): Promise<readonly Found[]> {
    const { questions, submissions } = this.#collections;
    const said = accepted.flatMap(({ work, submission }) =>
      submission === undefined ? [] : [newSubmission(work, submission)],
    );
    await insertNew(submissions, said);
    const known = await insertNew(
      questions,
      accepted.map(({ work, question, submission }) =>
        newQuestion(work, question, submission === undefined ? [] : [submission.run]),
      ),
    );
    await this.#askAgain(accepted.filter((_, index) => known.has(index)));
    const forgotten = await this.#marks.sweep(accepted.map(({ work }) => work.questionId));
    return accepted.map(({ work }, index) => {
      if (forgotten.has(work.questionId)) return 'forgotten';
      return known.has(index) ? 'known' : 'new';
    });
  }

  async #askAgain(accepted: readonly Accepted[]): Promise<void> {
    const updates = accepted.flatMap(({ work, submission }) => {
      if (submission === undefined) return [];
      const update = { $addToSet: { runs: submission.run } };
      return [{ updateOne: { filter: { _id: questionKey(work) }, update } }];
    });
    if (updates.length > 0) await this.#collections.questions.bulkWrite(updates, { ordered: false });
  }

  async #existingOf(works: readonly WorkKey[]): Promise<readonly Claim<QuestionStored>[]> {
    const pipeline = [
      { $match: { _id: { $in: works.map(questionKey) }, published: true } },
      { $project: { _id: 1 } },
      this.#marks.unionOf(works.map(({ questionId }) => questionId)),
    ];
    const found = await this.#collections.questions.aggregate(pipeline).toArray();
    const published = new Set(found.map(({ _id }) => _id));
    const forgotten = this.#marks.in(found);
    return works.map((work) => {
      if (forgotten.has(work.questionId)) return { kind: 'forgotten' };
      if (!published.has(questionKey(work))) return UNCLAIMED_WORK;
      return { kind: 'done', finished: QUESTION_STORED, published: true };
    });
  }

  async #moveAll(moves: readonly RankedMove[]): Promise<readonly true[]> {
    const updatedAt = new Date();
    await this.#collections.questions.bulkWrite(
      moves.map(({ work, status, rank }) => {
        const $set = { status, rank, updatedAt, endedAt: isEnd(status) ? updatedAt : null };
        const filter = { _id: questionKey(work), ...standsBefore(status, rank) };
        return { updateOne: { filter, update: { $set } } };
      }),
      { ordered: false },
    );
    return moves.map(() => true);
  }
}

function standsBefore(status: Status, rank: number): Filter<QuestionDocument> {
  const against = standAgainst(status);
  const lower = { rank: { $lt: rank } };
  return against === undefined ? lower : { $or: [lower, { rank, status: { $nin: [...against] } }] };
}
