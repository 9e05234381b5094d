import type { UnsavedOfWork } from '../../../streams/work/journal.ts';
import type { AnswersAtHand } from '../../../streams/work/unsaved-writes.ts';
import type { Finished, WorkId } from '../../../streams/work/work.ts';

export type LeftAnswer = Extract<UnsavedOfWork, { kind: 'answer' }>;

type Source = { waiting: number; readonly done: () => void };

/** Answers of earlier processes that wait for their work to come to this one. */
export class LeftAnswers implements AnswersAtHand {
  readonly #answers = new Map<WorkId, Readonly<{ finished: Finished<unknown>; source: Source }>>();

  get count(): number {
    return this.#answers.size;
  }

  /** @param done is called when none of them waits any more: at once, where there are none. */
  add(answers: readonly LeftAnswer[], done: () => void): void {
    const latest = new Map(answers.map(({ workId, finished }) => [workId, finished]));
    const source: Source = { waiting: latest.size, done };
    for (const [workId, finished] of latest) {
      this.drop(workId);
      this.#answers.set(workId, { finished, source });
    }
    if (source.waiting === 0) done();
  }

  of(workId: WorkId): Finished<unknown> | undefined {
    return this.#answers.get(workId)?.finished;
  }

  drop(workId: WorkId): void {
    const known = this.#answers.get(workId);
    if (known === undefined) return;
    this.#answers.delete(workId);
    known.source.waiting -= 1;
    if (known.source.waiting === 0) known.source.done();
  }
}
