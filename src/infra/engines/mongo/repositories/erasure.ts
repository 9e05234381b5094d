import type { Erasure } from '../../../../stages/store/forgotten.ts';
import type { Removal, Tables } from '../../../../stages/store/table/table.ts';
import { allWorks, type Collections } from '../collections.ts';
import { eraseQuestions, eraseWorks } from '../counts/erase-counted.ts';
import { operation } from '../operation.ts';
import { filterOf } from '../table/filter.ts';

/** Deletes what is held of questions from a database. */
export class MongoErasure implements Erasure {
  readonly #tables: Tables;
  readonly #collections: Collections;

  constructor(tables: Tables, collections: Collections) {
    this.#tables = tables;
    this.#collections = collections;
  }

  /** One after the other, each with what the counters hold of it. */
  async erase(removals: readonly Removal[]): Promise<readonly number[]> {
    const deleted: number[] = [];
    for (const removal of removals) deleted.push(await this.#erase(removal));
    return deleted;
  }

  /** Journal, oplog and free blocks are the server's: they go by and by. */
  async shred(): Promise<'later'> {
    return 'later';
  }

  #erase(removal: Removal): Promise<number> {
    const { table, where } = removal;
    const filter = filterOf(table, where);
    const works = allWorks(this.#collections).find(({ collectionName }) => collectionName === table.name);
    if (works !== undefined)
      return operation('deleting works', () => eraseWorks(this.#collections, works, filter));
    if (table.name === 'questions')
      return operation('deleting questions', () => eraseQuestions(this.#collections, filter));
    return this.#tables.write([removal]);
  }
}
