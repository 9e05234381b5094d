import type { Filter } from 'mongodb';
import type { Question, Submission } from '../../../../stages/question.ts';
import { isEnd, rankOf, type Status, standAgainst } from '../../../../stages/status.ts';
import { questionKey } from '../../../../stages/store/question-key.ts';
import type { StatusMove } from '../../../../streams/delivery/status-repository.ts';
import type { WorkKey } from '../../../../streams/work/work.ts';
import { Bulk } from '../bulk.ts';
import type { Collections } from '../collections.ts';
import type { QuestionDocument } from '../documents.ts';
import { insertNew } from '../insert-new.ts';
import type { ForgottenMarks } from '../repositories/forgotten-marks.ts';
import { newQuestion, newSubmission } from './question-documents.ts';

type Accepted = Readonly<{ work: WorkKey; question: Question; submission: Submission | undefined }>;
/** What `accept` found: a question that is `new` was known to nobody before. */
export type Found = 'new' | 'known' | 'forgotten';
type RankedMove = Readonly<{ work: WorkKey; status: Status; rank: number }>;

/** Where each question stands, and who asked it. Writes are safe to repeat; they reject with Failures. */
export class QuestionTable {
  readonly #collections: Collections;
  readonly #marks: ForgottenMarks;
  readonly #accepting: Bulk<Accepted, Found>;
  readonly #moving: Bulk<RankedMove, true>;

  constructor(collections: Collections, marks: ForgottenMarks) {
    this.#collections = collections;
    this.#marks = marks;
    this.#accepting = new Bulk('storing questions', (accepted) => this.#acceptAll(accepted));
    this.#moving = new Bulk('moving the status', (moves) => this.#moveAll(moves));
  }

  accept(accepted: Accepted): Promise<Found> {
    return this.#accepting.add(accepted);
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
