import { z } from 'zod';
import type { QuestionId } from '../../../streams/work/work.ts';
import type { ForgottenRepository, HeldQuestions, Holdings, QuestionQuery } from '../forgotten.ts';
import { branded, readStored } from '../table/read-stored.ts';
import { insert, type Tables, tableOf, update, type Where } from '../table/table.ts';

/** By question id. */
const FORGOTTEN = tableOf('forgotten', { id: 'text', at: 'time', finished: 'flag' });

const AT_ONCE = 50;

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
    return sumOf(ids, (some) => this.#held.erase(some));
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
    return sumOf(ids, (some) => this.#held.holdings(some));
  }

  async #read(where: Where<(typeof FORGOTTEN)['fields']>): Promise<readonly QuestionId[]> {
    return (await this.#tables.page(FORGOTTEN, { where })).map((row) => readStored(markRow, row).id);
  }
}

const KINDS = ['questions', 'submissions', 'works', 'examples', 'deadLetters'] as const;

/** Some questions at a time: nobody else has to wait longer than for these. */
async function sumOf(
  ids: readonly QuestionId[],
  held: (some: readonly QuestionId[]) => Promise<Holdings>,
): Promise<Holdings> {
  const sum = { questions: 0, submissions: 0, works: 0, examples: 0, deadLetters: 0 };
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const more = await held(ids.slice(from, from + AT_ONCE));
    for (const kind of KINDS) sum[kind] += more[kind];
  }
  return sum;
}
