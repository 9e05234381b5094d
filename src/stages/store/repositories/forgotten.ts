import { z } from 'zod';
import type { QuestionId } from '../../../streams/work/work.ts';
import type { ForgottenRepository } from '../forgotten.ts';
import { branded, readStored } from '../table/read-stored.ts';
import { insert, tableOf, update, type Where } from '../table/table.ts';
import { HeldQuestions } from './held-questions.ts';

/** By question id. */
const FORGOTTEN = tableOf('forgotten', { id: 'text', at: 'time', finished: 'flag' });

const markRow = z.object({ id: branded<QuestionId>() });

/** The marks of forgotten questions, and the deletion of all that is held of them. */
export class Forgotten extends HeldQuestions implements ForgottenRepository {
  async mark(ids: readonly QuestionId[]): Promise<void> {
    const at = new Date().toISOString();
    await this.tables.write([
      ...ids.map((id) => insert(FORGOTTEN, { id, at, finished: false })),
      update(FORGOTTEN, { id: { in: ids } }, { finished: false }),
    ]);
  }

  async finish(ids: readonly QuestionId[]): Promise<void> {
    await this.tables.write([update(FORGOTTEN, { id: { in: ids } }, { finished: true })]);
  }

  unfinished(): Promise<readonly QuestionId[]> {
    return this.#read({ finished: false });
  }

  async any(): Promise<boolean> {
    return (await this.tables.page(FORGOTTEN, { where: {}, limit: 1 })).length > 0;
  }

  async isMarked(id: QuestionId): Promise<boolean> {
    return (await this.tables.get(FORGOTTEN, id)) !== undefined;
  }

  async among(ids: readonly QuestionId[]): Promise<ReadonlySet<QuestionId>> {
    return new Set(await this.#read({ id: { in: ids } }));
  }

  async #read(where: Where<(typeof FORGOTTEN)['fields']>): Promise<readonly QuestionId[]> {
    return (await this.tables.page(FORGOTTEN, { where })).map((row) => readStored(markRow, row).id);
  }
}
