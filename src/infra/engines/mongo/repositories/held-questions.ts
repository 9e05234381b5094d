import type { HeldQuestions, Holdings, QuestionQuery } from '../../../../stages/store/forgotten.ts';
import type { QuestionId } from '../../../../streams/work/work.ts';
import type { Collections } from '../collections.ts';
import { operation } from '../operation.ts';
import { heldOf } from './held-documents.ts';

/** What a database holds of questions. */
export class MongoHeldQuestions implements HeldQuestions {
  readonly #collections: Collections;

  constructor(collections: Collections) {
    this.#collections = collections;
  }

  erase(ids: readonly QuestionId[]): Promise<Holdings> {
    return this.#sum(ids, 'deleting questions', ({ erase }) => erase());
  }

  /** Journal, oplog and free blocks are the server's: they go by and by. */
  async shred(): Promise<'later'> {
    return 'later';
  }

  async find(query: QuestionQuery): Promise<readonly QuestionId[]> {
    const { questions } = this.#collections;
    const filter = query.kind === 'run' ? { runs: query.run } : { topic: query.topic };
    const found = await operation('looking for questions', () => questions.distinct('questionId', filter));
    return found.map((id) => id as QuestionId);
  }

  holdings(ids: readonly QuestionId[]): Promise<Holdings> {
    return this.#sum(ids, 'counting what is held', ({ count }) => count());
  }

  async #sum(
    ids: readonly QuestionId[],
    doing: string,
    of: (held: Awaited<ReturnType<typeof heldOf>>[number]) => Promise<number>,
  ): Promise<Holdings> {
    const sum = { questions: 0, submissions: 0, works: 0, examples: 0, deadLetters: 0 };
    await operation(doing, async () => {
      for (const held of await heldOf(this.#collections, ids)) sum[held.kind] += await of(held);
    });
    return sum;
  }
}
