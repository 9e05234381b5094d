import { z } from 'zod';
import { type JournalNote, type JournalRepository, journalNoteSchema } from '../journal-repository.ts';
import { readStored } from '../table/read-stored.ts';
import { put, remove, type Tables, tableOf } from '../table/table.ts';
import { LISTED, WORKERS } from './workers.ts';

/** By the id of the process. */
const JOURNALS = tableOf('journals', { id: 'text', host: 'text', directory: 'text', since: 'text' });

const idRow = z.object({ id: z.string() });

/** Of the processes on a store that several machines share; who lives is said by `workers`, by the store's clock. */
export class Journals implements JournalRepository {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  async note({ id, host, directory, since }: JournalNote): Promise<void> {
    await this.#tables.write([put(JOURNALS, { id, host, directory, since })]);
  }

  async stored(id: string): Promise<void> {
    await this.#tables.write([remove(JOURNALS, { id })]);
  }

  /** Those whose process has not shown itself for so long that it is not listed any more. */
  async waiting(): Promise<readonly JournalNote[]> {
    const rows = await this.#tables.page(JOURNALS, { where: {}, order: ['since', 'id'] });
    const listed = await this.#tables.page(WORKERS, LISTED);
    const living = new Set(listed.map((row) => readStored(idRow, row).id));
    return rows.map((row) => readStored(journalNoteSchema, row)).filter(({ id }) => !living.has(id));
  }
}
