import { readSpillFiles, removeSpillFile, type SpillFile } from '../infra/spill/spill-files.ts';
import type { Store } from '../stages/store.ts';
import type { Persist } from '../streams/persist.ts';
import type { AnswersAtHand, Unsaved, UnsavedAnswer } from '../streams/unsaved-writes.ts';
import type { Finished, WorkId, WorkStore } from '../streams/work.ts';

/** What became of the spilled answers at a start. */
export type Restored = Readonly<{
  stored: number;
  /** Another result of the same work stands. */
  dropped: number;
  /** Another process holds the work: the answer is used when it comes to us. */
  atHand: number;
  damaged: number;
  answers: AnswersAtHand;
}>;

/**
 * Stores what earlier processes spilled: under the token of its claim, which is still theirs if nobody took it over. A file
 * goes once everything in it stands in the store; a crash in between stores it again, which changes nothing.
 */
export async function storeSpilled(
  where: Readonly<{ directory: string; namespace: string }>,
  store: Store,
  persist: Persist,
): Promise<Restored> {
  const answers = new Leftovers();
  const counts = { stored: 0, dropped: 0, damaged: 0 };
  for (const file of readSpillFiles(where.directory, where.namespace)) {
    const left: UnsavedAnswer[] = [];
    for (const unsaved of file.unsaved) {
      const end = await restore(unsaved, store, persist);
      if (end !== 'held') counts[end] += 1;
      else if (unsaved.kind === 'answer') left.push(unsaved);
    }
    counts.damaged += file.damaged;
    answers.add(file, left);
  }
  return { ...counts, atHand: answers.count, answers };
}

async function restore(
  unsaved: Unsaved,
  store: Store,
  persist: Persist,
): Promise<'stored' | 'dropped' | 'held'> {
  const works = worksOf(store, unsaved.stage);
  if (works === undefined) return 'dropped';
  if (unsaved.kind === 'attempt') {
    await persist(() => works.recordAttempt(unsaved, unsaved.attempt));
    return 'stored';
  }
  if ((await persist(() => works.complete(unsaved, unsaved.finished))) === 'stored') return 'stored';
  return (await persist(() => isDone(store, unsaved.workId))) ? 'dropped' : 'held';
}

/** The lines were checked by the schema of their stage when they were read. */
function worksOf(store: Store, stage: string): WorkStore<unknown> | undefined {
  const { research, generations: generation, reviews: review } = store;
  const known: Readonly<Record<string, WorkStore<unknown>>> = { research, generation, review };
  return known[stage];
}

async function isDone(store: Store, workId: WorkId): Promise<boolean> {
  const [lane, questionId = '', stage, revision] = workId.split('/');
  const histories = await store.reports.histories(questionId);
  const works = histories.filter((each) => each.lane === lane).flatMap((each) => each.works);
  return works.some(
    (work) => work.stage === stage && String(work.revision) === revision && work.state === 'done',
  );
}

/** Answers that wait for their work to come to this process. */
class Leftovers implements AnswersAtHand {
  readonly #answers = new Map<WorkId, Readonly<{ finished: Finished<unknown>; file: SpillFile }>>();

  get count(): number {
    return this.#answers.size;
  }

  add(file: SpillFile, left: readonly UnsavedAnswer[]): void {
    for (const { workId, finished } of left) this.#answers.set(workId, { finished, file });
    this.#removeIfEmpty(file);
  }

  of(workId: WorkId): Finished<unknown> | undefined {
    return this.#answers.get(workId)?.finished;
  }

  drop(workId: WorkId): void {
    const known = this.#answers.get(workId);
    this.#answers.delete(workId);
    if (known !== undefined) this.#removeIfEmpty(known.file);
  }

  #removeIfEmpty(file: SpillFile): void {
    if (![...this.#answers.values()].some((each) => each.file === file)) removeSpillFile(file);
  }
}
