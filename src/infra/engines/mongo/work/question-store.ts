import type { Collection } from 'mongodb';
import type { Question, Submission } from '../../../../stages/question.ts';
import { questionKey } from '../../../../stages/store/question-key.ts';
import type { QuestionStore, QuestionStored } from '../../../../stages/store/store.ts';
import type { Claim, WorkId, WorkKey } from '../../../../streams/work/work.ts';
import { QUESTION_STORED } from '../../stored/question-stored.ts';
import { UNCLAIMED_WORK, UnclaimedStore } from '../../stored/unclaimed-store.ts';
import { Bulk } from '../bulk.ts';
import type { QuestionDocument } from '../documents.ts';
import { operation } from '../operation.ts';
import type { ForgottenMarks } from '../repositories/forgotten-marks.ts';
import type { QuestionTable } from './question-table.ts';

/** More than a stage has at hand at once. */
const MOST_NEW = 10_000;

/** The store of stage 1: `accept` keeps the question, and the published mark says that research has it. */
export class MongoQuestions extends UnclaimedStore<QuestionStored> implements QuestionStore {
  readonly #questions: Collection<QuestionDocument>;
  readonly #questionTable: QuestionTable;
  readonly #marks: ForgottenMarks;
  /** Accepted here as the first to know them, and not claimed yet: there is nothing to look for. */
  readonly #new = new Set<string>();
  readonly #looking: Bulk<WorkKey, Claim<QuestionStored>>;

  constructor(questions: Collection<QuestionDocument>, questionTable: QuestionTable, marks: ForgottenMarks) {
    super();
    this.#questions = questions;
    this.#questionTable = questionTable;
    this.#marks = marks;
    this.#looking = new Bulk('reading questions', (works) => this.#existingOf(works));
  }

  async accept(work: WorkKey, question: Question, submission: Submission | undefined): Promise<void> {
    const found = await this.#questionTable.accept({ work, question, submission });
    const key = questionKey(work);
    if (found !== 'new') this.#new.delete(key);
    else if (this.#new.size < MOST_NEW) this.#new.add(key);
  }

  async claim(work: WorkKey): Promise<Claim<QuestionStored>> {
    return this.#new.delete(questionKey(work)) ? UNCLAIMED_WORK : this.#looking.add(work);
  }

  async complete(): Promise<'stored'> {
    return 'stored';
  }

  async markPublished(workIds: readonly WorkId[]): Promise<void> {
    const ids = workIds.map((workId) => workId.split('/', 2).join('/'));
    await operation('marking as published', () =>
      this.#questions.updateMany({ _id: { $in: ids } }, { $set: { published: true } }),
    );
  }

  async #existingOf(works: readonly WorkKey[]): Promise<readonly Claim<QuestionStored>[]> {
    const pipeline = [
      { $match: { _id: { $in: works.map(questionKey) }, published: true } },
      { $project: { _id: 1 } },
      this.#marks.unionOf(works.map(({ questionId }) => questionId)),
    ];
    const found = await this.#questions.aggregate(pipeline).toArray();
    const published = new Set(found.map(({ _id }) => _id));
    const forgotten = this.#marks.in(found);
    return works.map((work) => {
      if (forgotten.has(work.questionId)) return { kind: 'forgotten' };
      if (!published.has(questionKey(work))) return UNCLAIMED_WORK;
      return { kind: 'done', finished: QUESTION_STORED, published: true };
    });
  }
}
