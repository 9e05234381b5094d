import type { Collection } from 'mongodb';
import type { Question, Submission } from '../../stages/question.ts';
import type { QuestionStore, QuestionStored } from '../../stages/store.ts';
import type { Claim, WorkId, WorkKey } from '../../streams/work.ts';
import { QUESTION_STORED } from '../stored/question-stored.ts';
import { UNCLAIMED_WORK, UnclaimedStore } from '../stored/unclaimed-store.ts';
import { Bulk } from './bulk.ts';
import type { QuestionDocument } from './documents.ts';
import { operation } from './operation.ts';
import { questionKey } from './question-documents.ts';
import type { Standing } from './standing.ts';

/** The store of stage 1: `accept` keeps the question, and the published mark says that research has it. */
export class MongoQuestions extends UnclaimedStore<QuestionStored> implements QuestionStore {
  readonly #questions: Collection<QuestionDocument>;
  readonly #standing: Standing;
  readonly #looking: Bulk<string, boolean>;

  constructor(questions: Collection<QuestionDocument>, standing: Standing) {
    super();
    this.#questions = questions;
    this.#standing = standing;
    this.#looking = new Bulk('reading questions', (ids) => this.#arePublished(ids));
  }

  accept(work: WorkKey, question: Question, submission: Submission | undefined): Promise<void> {
    return this.#standing.accept({ work, question, submission });
  }

  async claim(work: WorkKey): Promise<Claim<QuestionStored>> {
    const published = await this.#looking.add(questionKey(work));
    return published ? { kind: 'done', finished: QUESTION_STORED, published } : UNCLAIMED_WORK;
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

  async #arePublished(ids: readonly string[]): Promise<readonly boolean[]> {
    const filter = { _id: { $in: [...ids] }, published: true };
    const found = await this.#questions.find(filter, { projection: { _id: 1 } }).toArray();
    const published = new Set(found.map(({ _id }) => _id));
    return ids.map((id) => published.has(id));
  }
}
