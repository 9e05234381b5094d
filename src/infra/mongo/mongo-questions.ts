import type { Collection } from 'mongodb';
import type { Question, Submission } from '../../stages/question.ts';
import type { QuestionStore, QuestionStored } from '../../stages/store.ts';
import type { Claim, WorkId, WorkKey } from '../../streams/work.ts';
import { QUESTION_STORED } from '../stored/question-stored.ts';
import { UNCLAIMED_WORK, UnclaimedStore } from '../stored/unclaimed-store.ts';
import type { QuestionDocument } from './documents.ts';
import { operation } from './operation.ts';
import { questionKey } from './question-documents.ts';
import type { Standing } from './standing.ts';

/** The store of stage 1: `accept` keeps the question, and the published mark says that research has it. */
export class MongoQuestions extends UnclaimedStore<QuestionStored> implements QuestionStore {
  readonly #questions: Collection<QuestionDocument>;
  readonly #standing: Standing;

  constructor(questions: Collection<QuestionDocument>, standing: Standing) {
    super();
    this.#questions = questions;
    this.#standing = standing;
  }

  accept(work: WorkKey, question: Question, submission: Submission | undefined): Promise<void> {
    return this.#standing.accept({ work, question, submission });
  }

  async claim(work: WorkKey): Promise<Claim<QuestionStored>> {
    const found = await operation('reading a question', () =>
      this.#questions.findOne({ _id: questionKey(work), published: true }, { projection: { _id: 1 } }),
    );
    return found === null ? UNCLAIMED_WORK : { kind: 'done', finished: QUESTION_STORED, published: true };
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
}
