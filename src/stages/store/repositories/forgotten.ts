import { z } from 'zod';
import type { QuestionId } from '../../../streams/work/work.ts';
import type { ForgottenRepository, HeldQuestions, Holdings, QuestionQuery } from '../forgotten.ts';
import { branded, readStored } from '../table/read-stored.ts';
import { insert, type Tables, tableOf, update, type Where } from '../table/table.ts';

/** By question id. */
const FORGOTTEN = tableOf('forgotten', { id: 'text', at: 'time', finished: 'flag' });

const markRow = z.object({ id: branded<QuestionId>() });

/** The marks of forgotten questions; what else is held of them is deleted by the engine. */
export class Forgotten implements ForgottenRepository {
  readonly #tables: Tables;
  readonly #held: HeldQuestions;

  constructor(tables: Tables, held: HeldQuestions) {
    this.#tables = tables;
    this.#held = held;
  }

  async mark(ids: readonly QuestionId[]): Promise<void> {
    const at = new Date().toISOString();
    await this.#tables.write([
      ...ids.map((id) => insert(FORGOTTEN, { id, at, finished: false })),
      update(FORGOTTEN, { id: { in: ids } }, { finished: false }),
    ]);
  }

  erase(ids: readonly QuestionId[]): Promise<Holdings> {
    return this.#held.erase(ids);
  }

  async finish(ids: readonly QuestionId[]): Promise<void> {
    await this.#tables.write([update(FORGOTTEN, { id: { in: ids } }, { finished: true })]);
  }

  shred(): Promise<'shredded' | 'later'> {
    return this.#held.shred();
  }

  unfinished(): Promise<readonly QuestionId[]> {
    return this.#read({ finished: false });
  }

  async any(): Promise<boolean> {
    return (await this.#tables.page(FORGOTTEN, { where: {}, limit: 1 })).length > 0;
  }

  async isMarked(id: QuestionId): Promise<boolean> {
    return (await this.#tables.get(FORGOTTEN, id)) !== undefined;
  }

  async among(ids: readonly QuestionId[]): Promise<ReadonlySet<QuestionId>> {
    return new Set(await this.#read({ id: { in: ids } }));
  }

  find(query: QuestionQuery): Promise<readonly QuestionId[]> {
    return this.#held.find(query);
  }

  holdings(ids: readonly QuestionId[]): Promise<Holdings> {
    return this.#held.holdings(ids);
  }

  async #read(where: Where<(typeof FORGOTTEN)['fields']>): Promise<readonly QuestionId[]> {
    return (await this.#tables.page(FORGOTTEN, { where })).map((row) => readStored(markRow, row).id);
  }
}
