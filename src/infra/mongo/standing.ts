import type { Question, Submission } from '../../stages/question.ts';
import { isEnd, rankOf } from '../../stages/status.ts';
import type { StatusMove } from '../../streams/question-book.ts';
import type { WorkKey } from '../../streams/work.ts';
import { Bulk } from './bulk.ts';
import type { Collections } from './collections.ts';
import { insertNew } from './insert-new.ts';
import { newQuestion, newSubmission, questionKey } from './question-documents.ts';

type Accepted = Readonly<{ work: WorkKey; question: Question; submission: Submission | undefined }>;

/** Where each question stands, and who asked it. Writes are safe to repeat; they reject with Failures. */
export class Standing {
  readonly #collections: Collections;
  readonly #accepting: Bulk<Accepted, true>;
  readonly #moving: Bulk<StatusMove, true>;

  constructor(collections: Collections) {
    this.#collections = collections;
    this.#accepting = new Bulk('storing questions', (accepted) => this.#acceptAll(accepted));
    this.#moving = new Bulk('moving the status', (moves) => this.#moveAll(moves));
  }

  async accept(accepted: Accepted): Promise<void> {
    await this.#accepting.add(accepted);
  }

  /** Forward only: a move to a rank that is not higher changes nothing. */
  async move(move: StatusMove): Promise<void> {
    await this.#moving.add(move);
  }

  async #acceptAll(accepted: readonly Accepted[]): Promise<readonly true[]> {
    const { questions, submissions } = this.#collections;
    await insertNew(
      questions,
      accepted.map(({ work, question }) => newQuestion(work, question)),
    );
    const asked = accepted.flatMap(({ work, submission }) =>
      submission === undefined ? [] : [{ work, submission }],
    );
    await insertNew(
      submissions,
      asked.map(({ work, submission }) => newSubmission(work, submission)),
    );
    await this.#copyStatuses(asked.map(({ work }) => work));
    return accepted.map(() => true);
  }

  async #moveAll(moves: readonly StatusMove[]): Promise<readonly true[]> {
    const updatedAt = new Date();
    await this.#collections.questions.bulkWrite(
      moves.map(({ work, status }) => {
        const rank = rankOf(status, work);
        const $set = { status, rank, updatedAt, endedAt: isEnd(status) ? updatedAt : null };
        return { updateOne: { filter: { _id: questionKey(work), rank: { $lt: rank } }, update: { $set } } };
      }),
      { ordered: false },
    );
    await this.#copyStatuses(moves.map(({ work }) => work));
    return moves.map(() => true);
  }

  /** Both change the question or the submission first and copy second: whoever comes last sees what the other wrote. */
  async #copyStatuses(works: readonly WorkKey[]): Promise<void> {
    const { questions, submissions } = this.#collections;
    const ids = [...new Set(works.map(questionKey))];
    if (ids.length === 0) return;
    const projection = { questionId: 1, lane: 1, status: 1, rank: 1 };
    const standing = await questions.find({ _id: { $in: ids }, rank: { $gt: 0 } }, { projection }).toArray();
    if (standing.length === 0) return;
    await submissions.bulkWrite(
      standing.map(({ questionId, lane, status, rank }) => ({
        updateMany: { filter: { questionId, lane, rank: { $lt: rank } }, update: { $set: { status, rank } } },
      })),
      { ordered: false },
    );
  }
}
