import { QUESTION_STORED } from '../../../../src/infra/engines/stored/question-stored.ts';
import { UNCLAIMED_WORK, UnclaimedStore } from '../../../../src/infra/engines/stored/unclaimed-store.ts';
import type { Question, Submission } from '../../../../src/stages/question.ts';
import { isFurther, rankOf, type Status } from '../../../../src/stages/status.ts';
import { questionKey, questionKeyOf } from '../../../../src/stages/store/question-key.ts';
import type { QuestionStore, QuestionStored } from '../../../../src/stages/store/store.ts';
import { insert, tableOf, update } from '../../../../src/stages/store/table/table.ts';
import type { Claim, WorkId, WorkKey } from '../../../../src/streams/work/work.ts';
import type { MemoryTables } from './tables.ts';

/** Where each question stands: with what this engine alone keeps beside what repositories read. */
export const QUESTIONS = tableOf('questions', {
  ...{ id: 'text', lane: 'text', questionId: 'text', question: 'text', topic: 'text', subTopic: 'text' },
  ...{ status: 'word', rank: 'number', published: 'flag', addedAt: 'time', updatedAt: 'time' },
});
/** Who asked. */
export const SUBMISSIONS = tableOf('submissions', {
  ...{ id: 'text', run: 'text', lane: 'text', questionId: 'text', position: 'number' },
  ...{ userId: 'text', metadata: 'text' },
});
const NOW = { now: 0 };

/** The store of stage 1. */
export class MemoryQuestions extends UnclaimedStore<QuestionStored> implements QuestionStore {
  readonly #tables: MemoryTables;

  constructor(tables: MemoryTables) {
    super();
    this.#tables = tables;
  }

  async accept(work: WorkKey, question: Question, submission: Submission | undefined): Promise<void> {
    const { lane, questionId } = work;
    const id = questionKey(work);
    const { topic, subTopic } = question;
    const fresh = { status: 'pending', rank: 0, published: false, addedAt: NOW, updatedAt: NOW };
    const added = { id, lane, questionId, question: JSON.stringify(question), topic, subTopic, ...fresh };
    const changes = [insert(QUESTIONS, added)];
    if (submission !== undefined) {
      const { run, position, id: userId = null, metadata } = submission;
      const asked = { id: `${run}/${id}`, run, lane, questionId, position, userId };
      const said = metadata === undefined ? null : JSON.stringify(metadata);
      changes.push(insert(SUBMISSIONS, { ...asked, metadata: said }));
    }
    await this.#tables.write(changes, [questionId]);
  }

  /** Forward only. */
  async move(work: WorkKey, status: Status): Promise<void> {
    const id = questionKey(work);
    const rank = rankOf(status, work);
    const standing = this.#tables.rows('questions').get(id);
    if (standing === undefined) return;
    const current = { status: String(standing['status']), rank: Number(standing['rank']) };
    if (!isFurther({ status, rank }, current)) return;
    await this.#tables.write([update(QUESTIONS, { id }, { status, rank, updatedAt: NOW })]);
  }

  async claim(work: WorkKey): Promise<Claim<QuestionStored>> {
    if (this.#tables.isForgotten(work.questionId)) return { kind: 'forgotten' };
    const published = (await this.#tables.count(QUESTIONS, { id: questionKey(work), published: true })) > 0;
    return published ? { kind: 'done', finished: QUESTION_STORED, published } : UNCLAIMED_WORK;
  }

  async markPublished(workIds: readonly WorkId[]): Promise<void> {
    const ids = workIds.map(questionKeyOf);
    await this.#tables.write([update(QUESTIONS, { id: { in: ids } }, { published: true })]);
  }
}
