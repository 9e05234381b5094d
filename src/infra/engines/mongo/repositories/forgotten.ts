import type { ForgottenBook, Holdings, QuestionQuery } from '../../../../stages/store/forgotten.ts';
import type { QuestionId } from '../../../../streams/work/work.ts';
import type { Collections } from '../collections.ts';
import { operation } from '../operation.ts';
import { heldOf } from './held-documents.ts';

/** Questions of one deletion. */
const QUESTIONS_PER_DELETE = 50;

/** The forgotten questions of a database. */
export class MongoForgotten implements ForgottenBook {
  readonly #collections: Collections;

  constructor(collections: Collections) {
    this.#collections = collections;
  }

  async mark(ids: readonly QuestionId[]): Promise<void> {
    if (ids.length === 0) return;
    const marks = ids.map((_id) => ({
      updateOne: {
        filter: { _id },
        update: { $set: { finished: false }, $setOnInsert: { at: new Date() } },
        upsert: true,
      },
    }));
    await operation('marking questions as forgotten', () =>
      this.#collections.forgotten.bulkWrite(marks, { ordered: false }),
    );
  }

  erase(ids: readonly QuestionId[]): Promise<Holdings> {
    return this.#sum(ids, 'deleting questions', ({ erase }) => erase());
  }

  async finish(ids: readonly QuestionId[]): Promise<void> {
    const update = { $set: { finished: true } };
    await operation('marking questions as forgotten', () =>
      this.#collections.forgotten.updateMany({ _id: { $in: [...ids] } }, update),
    );
  }

  /** Journal, oplog and free blocks are the server's: they go by and by. */
  async shred(): Promise<'later'> {
    return 'later';
  }

  async unfinished(): Promise<readonly QuestionId[]> {
    const found = await operation('reading forgotten questions', () =>
      this.#collections.forgotten.find({ finished: false }, { projection: { _id: 1 } }).toArray(),
    );
    return found.map(({ _id }) => _id as QuestionId);
  }

  async any(): Promise<boolean> {
    const found = await operation('reading forgotten questions', () =>
      this.#collections.forgotten.findOne({}, { projection: { _id: 1 } }),
    );
    return found !== null;
  }

  async isMarked(_id: QuestionId): Promise<boolean> {
    const found = await operation('reading forgotten questions', () =>
      this.#collections.forgotten.findOne({ _id }),
    );
    return found !== null;
  }

  async among(ids: readonly QuestionId[]): Promise<ReadonlySet<QuestionId>> {
    const marked = await operation('reading forgotten questions', () =>
      this.#collections.forgotten.find({ _id: { $in: [...ids] } }, { projection: { _id: 1 } }).toArray(),
    );
    const found = new Set<string>(marked.map(({ _id }) => _id));
    return new Set(ids.filter((id) => found.has(id)));
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
    for (let index = 0; index < ids.length; index += QUESTIONS_PER_DELETE) {
      const some = ids.slice(index, index + QUESTIONS_PER_DELETE);
      await operation(doing, async () => {
        for (const held of await heldOf(this.#collections, some)) sum[held.kind] += await of(held);
      });
    }
    return sum;
  }
}
